/**
 * The sample grid, dark on light, with one sketch per row: partial sketch, real part, several drawn
 * parts, and the sketch merged with the first of them. With boxes, each row is a crop to the frame
 * of the real part's box.
 */
import { clamp, type PreviewRequest, tf } from "../../core/mod.ts";
import { fadeSketches } from "./fade_sketches.ts";
import { mergeSketches } from "./merge.ts";
import { placeOf } from "./layout/place_of.ts";
import type { SketchModel } from "./model.ts";

/** Drawn parts per row. */
export const PREVIEW_PARTS = 5;
/** Cells of a row before the drawn parts: the partial sketch and its real part. */
const GIVEN = 2;
/** Cells per row. */
export const PREVIEW_COLUMNS = GIVEN + PREVIEW_PARTS + 1;

/**
 * @param request a fixed batch of held-out pairs, and latents for as many cells
 * @returns cells [rows · 8, R, R, 1]; drawn parts are clamped to [-1, 1]
 */
export function sketchPreview(model: SketchModel, request: PreviewRequest) {
  const { partial, part, labels } = request.batch;
  if (!partial || !part) {
    throw new TypeError("Cannot draw samples: expected partial and part in a batch of sketches");
  }
  const [count = 0, side = 0] = partial.shape;
  const rows = Math.min(count, Math.max(1, Math.floor(request.count / PREVIEW_COLUMNS)));
  const picked = Array.from({ length: rows }, (_, i) => Math.floor(i * count / rows));
  const pick = (data: Float32Array | Int32Array) =>
    // float32 by contract
    tf.gather(tf.tensor4d(data as Float32Array, [count, side, side, 1]), picked);
  const partials = pick(partial.data), reals = pick(part.data);
  const classes = model.classes.length > 0 && labels
    ? { labels: tf.tensor1d(picked.map((i) => labels.data[i]!), "int32") }
    : {};
  const shown = fadeSketches(partials, request.alpha);
  const encoding = model.encode(shown, request.alpha, placeOf(model, request.batch, picked));
  const { latents } = request, enough = rows * PREVIEW_PARTS;
  const drawn = Array.from({ length: PREVIEW_PARTS }, (_, i) => {
    const z = latents && latents.shape[0] >= enough
      ? { z: tf.slice(latents, [i * rows, 0], [rows, -1]) }
      : {};
    const parts = model.drawParts(encoding, { ...z, ...classes, alpha: request.alpha });
    return clamp(parts, -1, 1);
  });
  const merged = mergeSketches(partials, drawn[0]!); // PREVIEW_PARTS is above 0
  const columns = tf.stack([partials, reals, ...drawn, merged], 1); // [rows, columns, R, R, 1]
  return {
    images: tf.reshape<tf.Rank.R4>(tf.neg(columns), [rows * PREVIEW_COLUMNS, side, side, 1]),
    columns: PREVIEW_COLUMNS,
    drawn: Array.from({ length: PREVIEW_PARTS }, (_, i) => GIVEN + i),
  };
}
