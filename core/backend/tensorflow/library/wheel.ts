/** The PyPI wheels that hold TensorFlow's libraries for each platform. */

import { pinOf } from "./pins.ts";

/** The version that is fetched. */
export const TENSORFLOW_VERSION = "2.21.0";

/** The oldest version of an already installed TensorFlow that is used. */
export const OLDEST_VERSION = "2.16";

/** A wheel to request from pip. */
export interface Wheel {
  project: string;
  version: string;
  /** The value of pip's --platform. */
  platform: string;
  /** Approximate size, for progress reports. */
  downloadBytes: number;
}

/**
 * TensorFlow for CPUs.
 * @returns undefined if no wheel fits (Windows, Intel Macs)
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

/**
 * The libraries that TensorFlow's CUDA build loads, in the CUDA 12 versions that it was built with:
 * `tensorflow[and-cuda]` without those that only Python, compiling, profiling or several machines
 * need.
 */
const CUDA_LIBRARIES: readonly (readonly [name: string, version: string, megabytes: number])[] = [
  ["cublas", "12.5.3.2", 363],
  ["cuda-nvrtc", "12.5.82", 25],
  ["cuda-runtime", "12.5.82", 1],
  ["cudnn", "9.3.0.75", 577],
  ["cufft", "11.2.3.61", 193],
  ["curand", "10.3.6.82", 56],
  ["cusolver", "11.6.3.83", 130],
  ["cusparse", "12.5.1.3", 218],
  ["nvjitlink", "12.5.82", 21],
];

/**
 * TensorFlow for NVIDIA GPUs, followed by the CUDA libraries that it needs.
 * @returns undefined if there is no such build
 */
export function cudaWheelsFor(
  os: typeof Deno.build.os,
  arch: typeof Deno.build.arch,
): Wheel[] | undefined {
  const tensorflow = wheelFor(os, arch);
  if (`${os}-${arch}` !== "linux-x86_64" || !tensorflow) return undefined;
  return [
    { ...tensorflow, project: "tensorflow", downloadBytes: 572e6 },
    ...CUDA_LIBRARIES.map(([name, version, megabytes]) => ({
      project: `nvidia-${name}-cu12`,
      version,
      platform: "manylinux2014_x86_64",
      downloadBytes: megabytes * 1e6,
    })),
  ];
}

/** Arguments of pip; they are independent of the installed Python version. */
export function pipArguments({ platform }: Wheel, folder: string, requirements: string): string[] {
  return [
    "download",
    "--no-deps",
    "--only-binary=:all:",
    "--python-version=3.11",
    "--implementation=cp",
    `--platform=${platform}`,
    "--no-cache-dir", // a wheel of this size is unpacked once; no second copy
    "--disable-pip-version-check",
    "--no-input",
    "--progress-bar=off",
    `--dest=${folder}`,
    "--require-hashes",
    `--requirement=${requirements}`,
  ];
}

/** A line of pip's requirements file that only accepts the pinned contents. */
export function requirementOf(wheel: Wheel): string {
  return `${wheel.project}==${wheel.version} --hash=sha256:${pinOf(wheel).sha256}\n`;
}
