/** Draws a sheet of samples for inspection before training. */
import type { Dataset, HostTensor } from "../core/data.ts";
import { type HostImages, writeGrid } from "../core/images/mod.ts";

/** Options of {@linkcode writeContactSheet}. */
export interface ContactSheetOptions {
  /** Side in px; default the largest. */
  resolution?: number;
  /** Largest number of samples; default 64. */
  count?: number;
  /** Cells per row. Default: as close to a square as possible. */
  columns?: number;
  /** Determines the order; default 0. Samples are chosen from all of the data. */
  seed?: number;
  /** Which samples. Default "train". */
  split?: "train" | "held-out";
}

/**
 * Writes a PNG of samples: images, or for sketches the partial sketch with its next part beside it.
 * @returns how many samples it contains
 */
export async function writeContactSheet(
  path: string,
  dataset: Dataset,
  { resolution = dataset.info.maxResolution, count = 64, columns, seed = 0, split = "train" }:
    ContactSheetOptions = {},
): Promise<number> {
  const { kind, count: train, heldOutCount } = dataset.info;
  const batchSize = Math.min(count, split === "train" ? train : heldOutCount);
  const loader = dataset.open({ resolution, batchSize, cursor: 0, seed, split });
  try {
    const batch = await loader.next();
    const pictures = kind === "images"
      ? asImages(batch.images!)
      : beside(batch.partial!, batch.part!); // by kind
    await writeGrid(path, pictures, {
      scale: Math.max(1, Math.floor(64 / resolution)),
      gap: 2,
      background: 160,
      ...(columns === undefined ? {} : { columns }),
    });
    return batchSize;
  } finally {
    loader.close();
  }
}

function asImages({ data, shape }: HostTensor): HostImages {
  return { data: Float32Array.from(data), shape };
}

/**
 * Places two pictures side by side in each cell: [N, R, R, 1] each to [N, R, 2 R, 1], ink black.
 */
function beside(left: HostTensor, right: HostTensor): HostImages {
  const [count = 0, side = 0] = left.shape;
  const data = new Float32Array(2 * left.data.length);
  for (let row = 0; row < count * side; row++) {
    for (let x = 0; x < side; x++) {
      data[row * 2 * side + x] = -left.data[row * side + x]!; // in range
      data[row * 2 * side + side + x] = -right.data[row * side + x]!;
    }
  }
  return { data, shape: [count, side, 2 * side, 1] };
}
