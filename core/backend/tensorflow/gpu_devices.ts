/** Compares the GPUs that TensorFlow found with those that the driver reports. */
import type { DeviceChoice, DeviceInfo } from "../types.ts";
import { type VisibleGpus, visibleGpus } from "./library/gpus.ts";

/**
 * Reports an idle GPU when TensorFlow computes on the processor.
 * @param tell receives how to use the GPU
 * @throws Error if a GPU was requested
 */
export function checkIdleGpus(
  device: DeviceChoice,
  tell: (message: string) => void,
  gpus: VisibleGpus = visibleGpus(),
): void {
  const { models, hidden } = gpus;
  const gpu = models.length === 0 ? undefined : models[0] ?? "an NVIDIA GPU";
  expectVisible(device, gpus);
  if (device === "gpu") {
    throw new Error(
      `Cannot compute on a GPU: expected TensorFlow to find one, received none. ` +
        (gpu === undefined
          ? "This machine has no NVIDIA driver that reports one (nvidia-smi must list it); " +
            "use --device cpu"
          : `This machine has ${gpu}: its driver must know CUDA 12.5 (525 or newer), and the ` +
            `library be a CUDA ` +
            `build with CUDA's libraries beside it, as --device gpu fetches it`),
    );
  }
  if (device !== "auto") return;
  if (gpu === undefined) {
    if (hidden !== undefined) {
      tell(`Computing on the processor: ${hidden}. --device cpu stops this notice`);
    }
  } else {
    tell(
      `Computing on the processor, although this machine has ${gpu}: TensorFlow's CUDA build ` +
        `is not here. ` +
        `--device gpu fetches it once (2.2 GB), --device cpu stops this notice`,
    );
  }
}

/**
 * Checks the environment before a GPU build is searched for or fetched.
 * @throws Error if a GPU was requested and CUDA_VISIBLE_DEVICES hides all of them
 */
export function expectVisible(
  device: DeviceChoice,
  { models, hidden }: VisibleGpus = visibleGpus(),
): void {
  if (device !== "gpu" || hidden === undefined || models.length > 0) return;
  throw new Error(
    `Cannot compute on a GPU: expected one that may be used, received none: ${hidden}. ` +
      `Unset it, name a GPU that nvidia-smi -L lists, or use --device cpu`,
  );
}

/** Adds model names to the GPUs where it is clear which is which. */
export function withModels(
  devices: readonly DeviceInfo[],
  models: readonly (string | undefined)[] = visibleGpus().models,
): DeviceInfo[] {
  const gpus = devices.filter(({ kind }) => kind === "GPU");
  const isClear = models.length === gpus.length || new Set(models).size === 1;
  return devices.map((device) => {
    const model = isClear ? models[gpus.indexOf(device)] : undefined;
    return model === undefined ? device : { ...device, model };
  });
}
