/** Which of PyPI's wheels holds TensorFlow's libraries for a machine. */

/** The version that is fetched; any TensorFlow from 2.16 on is taken where it is already installed. */
export const TENSORFLOW_VERSION = "2.21.0";

/** What to ask pip for. */
export interface Wheel {
  project: "tensorflow" | "tensorflow-cpu";
  version: string;
  /** pip's --platform. */
  platform: string;
  /** Roughly, for the progress. */
  downloadBytes: number;
}

/**
 * @returns undefined where no wheel fits (Windows, Intel Macs)
 */
export function wheelFor(
  os: typeof Deno.build.os,
  arch: typeof Deno.build.arch,
): Wheel | undefined {
  const version = TENSORFLOW_VERSION;
  switch (`${os}-${arch}`) {
    case "linux-x86_64":
      return {
        project: "tensorflow-cpu",
        version,
        platform: "manylinux_2_27_x86_64",
        downloadBytes: 274e6,
      };
    case "linux-aarch64":
      return {
        project: "tensorflow",
        version,
        platform: "manylinux_2_27_aarch64",
        downloadBytes: 290e6,
      };
    case "darwin-aarch64":
      return {
        project: "tensorflow",
        version,
        platform: "macosx_12_0_arm64",
        downloadBytes: 240e6,
      };
    default:
      return undefined;
  }
}

/** Arguments of `python3 -m pip`; they hold whatever Python is installed. */
export function pipArguments(wheel: Wheel, folder: string): string[] {
  return [
    "download",
    "--no-deps",
    "--only-binary=:all:",
    "--python-version=3.11",
    "--implementation=cp",
    `--platform=${wheel.platform}`,
    "--no-cache-dir", // a wheel of this size is unpacked once; no second copy
    "--disable-pip-version-check",
    "--progress-bar=off",
    `--dest=${folder}`,
    `${wheel.project}==${wheel.version}`,
  ];
}
