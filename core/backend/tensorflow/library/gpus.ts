/** The GPUs of this machine, as NVIDIA's driver tells them: known before TensorFlow is loaded. */

/** @returns model names, e.g. "NVIDIA H100 80GB HBM3"; empty where there is no such driver */
export function nvidiaGpus(folder = "/proc/driver/nvidia/gpus"): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => {
      const text = Deno.readTextFileSync(`${folder}/${name}/information`);
      return /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? "an NVIDIA GPU";
    });
  } catch {
    return []; // another system, or no driver
  }
}

/** Whether a driver could offer a GPU: NVIDIA's own, or Windows' through WSL, which tells no names. */
export function mayHaveGpu(): boolean {
  if (nvidiaGpus().length > 0) return true;
  try {
    Deno.statSync("/dev/dxg");
    return true;
  } catch {
    return false;
  }
}
