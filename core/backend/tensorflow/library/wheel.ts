/** Which of PyPI's wheels hold TensorFlow's libraries for a machine. */

import { pinOf } from "./pins.ts";

/** The version that is fetched. */
export const TENSORFLOW_VERSION = "2.21.0";

/** From this one on, a TensorFlow is taken where it is already installed. */
export const OLDEST_VERSION = "2.16";

/** What to ask pip for. */
export interface Wheel {
  project: string;
  version: string;
  /** pip's --platform. */
  platform: string;
  /** Roughly, for the progress. */
  downloadBytes: number;
}

/**
 * TensorFlow for the processor.
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

/**
 * What TensorFlow's CUDA build loads, in the versions of CUDA 12 that it is built with:
 * `tensorflow[and-cuda]` without what only Python, compiling, profiling and several machines need.
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
 * TensorFlow for NVIDIA's GPUs and the CUDA libraries beside it; the first one is TensorFlow's.
 * @returns undefined where there is no such build
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

/** Arguments of pip; they hold whatever Python is installed. */
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

/** A line of pip's requirements file: it takes these bytes, or none. */
export function requirementOf(wheel: Wheel): string {
  return `${wheel.project}==${wheel.version} --hash=sha256:${pinOf(wheel).sha256}\n`;
}
