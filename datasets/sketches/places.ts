/** For batches with boxes: the position of each part, and the partial sketch around it. */
import type { HostTensor } from "../../core/data.ts";
import { boxOf, type Frame, frameOf } from "../../core/sketches/box.ts";
import type { Polyline } from "../../core/sketches/drawing.ts";
import { type Matrix, rasterize } from "../../core/sketches/rasterize.ts";

/** Side in px of the uncropped partial sketch: enough to show where things are. */
const WHOLE_SIDE = 32;

/** A pair as it is drawn. */
interface PlacedPair {
  /** Lines of the partial sketch. */
  before: readonly Polyline[];
  /** Lines of the part. */
  lines: readonly Polyline[];
  matrix: Matrix;
}

/** Boxes and partial sketches of a batch, blank at first. */
export function blankPlaces(batchSize: number): {
  tensors: { box: HostTensor; whole: HostTensor };
  /** Fills in the i-th pair; returns the frame of its part. */
  set(i: number, pair: PlacedPair): Frame;
} {
  const box = new Float32Array(batchSize * 4), size = WHOLE_SIDE ** 2;
  const whole = new Float32Array(batchSize * size).fill(-1);
  return {
    tensors: {
      box: { data: box, shape: [batchSize, 4] },
      whole: { data: whole, shape: [batchSize, WHOLE_SIDE, WHOLE_SIDE, 1] },
    },
    set(i, { before, lines, matrix }) {
      const found = boxOf(lines, matrix);
      box.set(found, 4 * i);
      const how = { resolution: WHOLE_SIDE, lineWidth: 1, matrix };
      rasterize(before, whole.subarray(i * size, (i + 1) * size), how);
      return frameOf(found);
    },
  };
}
