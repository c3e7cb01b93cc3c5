/** The GPUs of this machine as reported by NVIDIA's driver, before TensorFlow is loaded. */

/** A GPU in the driver's list. */
export interface NvidiaGpu {
  /** e.g. "NVIDIA H100 80GB HBM3". */
  model: string;
  /** "GPU-" and hexadecimal digits, if the driver reports it. */
  uuid?: string;
}

/** The GPUs that a process may use. */
export interface VisibleGpus {
  /** In CUDA's order; undefined where the model is not certain. */
  models: (string | undefined)[];
  /** A description of what CUDA_VISIBLE_DEVICES hides; absent if it hides nothing. */
  hidden?: string;
}

/** @returns all GPUs in PCI bus order; empty if there is no such driver */
export function nvidiaGpus(folder = "/proc/driver/nvidia/gpus"): NvidiaGpu[] {
  try {
    const places = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
    return places.map((place) => {
      const text = Deno.readTextFileSync(`${folder}/${place}/information`);
      const fact = (name: string) => new RegExp(`^${name}:\\s*(.+)$`, "m").exec(text)?.[1]?.trim();
      const uuid = fact("GPU UUID");
      return { model: fact("Model") ?? "an NVIDIA GPU", ...(uuid === undefined ? {} : { uuid }) };
    });
  } catch {
    return []; // another system, or no driver
  }
}

/**
 * Interprets CUDA_VISIBLE_DEVICES as CUDA does: a list of indices or (prefixes of) UUIDs that ends
 * at the first entry that names no GPU. An empty list, or one that names a GPU twice, hides all
 * GPUs.
 * @param env reads an environment variable
 */
export function visibleGpus(
  all: readonly NvidiaGpu[] = nvidiaGpus(),
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
): VisibleGpus {
  const wanted = env("CUDA_VISIBLE_DEVICES");
  if (wanted === undefined || all.length === 0) return { models: all.map(({ model }) => model) };
  // CUDA's default order is by speed, which the driver does not report.
  const inOrder = env("CUDA_DEVICE_ORDER") === "PCI_BUS_ID" ||
    new Set(all.map(({ model }) => model)).size === 1;
  const found: { key: number; model: string | undefined }[] = [];
  for (const word of wanted.split(",").map((text) => text.trim())) {
    const at = /^\d+$/.test(word) ? Number(word) : byUuid(word, all);
    const gpu = all[at];
    if (!gpu) break;
    found.push({ key: at, model: inOrder || !/^\d+$/.test(word) ? gpu.model : undefined });
  }
  const isTwice = new Set(found.map(({ key }) => key)).size < found.length;
  const models = isTwice ? [] : found.map(({ model }) => model);
  if (models.length === all.length) return { models };
  const names = all.map(({ model }) => model).join(", ");
  return {
    models,
    hidden: `CUDA_VISIBLE_DEVICES="${wanted}" lets ${
      models.length === 0 ? "none" : String(models.length)
    } of this machine's ${all.length === 1 ? "GPU" : `${all.length} GPUs`} through (${names})`,
  };
}

/**
 * The index of the only GPU whose UUID has this prefix; -1 if there is none or several. A MIG
 * instance is resolved to its GPU.
 */
function byUuid(word: string, all: readonly NvidiaGpu[]): number {
  const wanted = word.replace(/^MIG-(?=GPU-)/, "").split("/")[0]!.toLowerCase(); // split gives one
  if (!/^gpu-/.test(wanted)) return -1;
  const found = all.flatMap(({ uuid }, i) => uuid?.toLowerCase().startsWith(wanted) ? [i] : []);
  return found.length === 1 ? found[0]! : -1;
}

/**
 * Whether a driver could offer a GPU: NVIDIA's own, or Windows' through WSL, which reports no
 * names.
 */
export function mayHaveGpu(): boolean {
  if (nvidiaGpus().length > 0) return true;
  try {
    Deno.statSync("/dev/dxg");
    return true;
  } catch {
    return false;
  }
}
