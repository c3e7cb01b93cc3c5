/** Draws the next part of several sketches: first its class, then its place, then its lines. */
import {
  type Box,
  clamp,
  frameOf,
  pasteLines,
  type Polyline,
  type Random,
  type Seed,
  tf,
  traceStrokes,
  withSeed,
} from "../../../core/mod.ts";
import type { Encoding } from "../encoder.ts";
import { fadeSketches } from "../fade_sketches.ts";
import { boxOfPoint, COORDINATES, samplePoint, TEMPERATURE } from "../layout/box_mixture.ts";
import { GLANCE_SIDE } from "../layout/planner.ts";
import type { SketchModel } from "../model.ts";
import { rasterOfLines } from "../raster_of_lines.ts";

/** A sketch to which parts are added. */
export interface Sketch {
  /** [side²] in [-1, 1], ink is 1; the side is {@linkcode drawnSide}. */
  raster: Float32Array;
  /** In the unit square; boxes are cropped from them. Unused without boxes. */
  lines: readonly Polyline[];
}

export interface DrawnPart {
  /** [side²] in [-1, 1]. */
  raster: Float32Array;
  /** With boxes: its lines, in the sketch's unit square. */
  lines?: readonly Polyline[];
  /** With boxes: the box that it was drawn in. */
  box?: Box;
  /** Its class, if the run has classes. */
  label?: number;
  /** Whether the sketch ends with this part; only a run that begins on blank paper can tell. */
  ends: boolean;
}

/** How to draw the parts. */
export interface DrawNextOptions {
  resolution: number; // of the networks, px a side
  /** Weight of the newest block, 0 … 1. */
  alpha: number;
  /** Of latents and noise, shared by all sketches. */
  seed: Seed;
  /** Generators of all other random choices, one for each sketch. */
  randoms: readonly Random[];
  /** Requested classes; undefined entries are predicted. Default: all are predicted. */
  labels?: readonly (number | undefined)[];
  /** Classes that each sketch already has and that are not predicted again. */
  drawn?: readonly ReadonlySet<number>[];
  /** With boxes: boxes to use instead of predicted ones. */
  boxes?: readonly Box[];
  /** Whether to keep faint ink beside the lines. */
  raw?: boolean;
}

/** Side of drawings with boxes, px. */
const PLACED_SIDE = 256;

/** Side of sketches and parts of a run, px. */
export function drawnSide({ hasBoxes }: SketchModel, resolution: number): number {
  return hasBoxes ? PLACED_SIDE : resolution;
}

/** A sketch as it was read. With boxes, its lines are traced if the file had none. */
export function sketchOf(
  model: SketchModel,
  { raster, lines }: { raster: Float32Array; lines?: readonly Polyline[] },
): Sketch {
  if (!model.hasBoxes) return { raster, lines: [] };
  return { raster, lines: lines ?? traceStrokes(raster, PLACED_SIDE).lines };
}

/** A part's own lines in the sketch, or traced ones. */
export function linesOfPart(
  { raster, lines }: { raster: Float32Array; lines?: readonly Polyline[] | undefined },
  side: number,
): readonly Polyline[] {
  return lines ?? traceStrokes(raster, side).lines;
}

/** Draws one part for each sketch; a sketch without lines is blank paper. */
export function drawNext(
  model: SketchModel,
  sketches: readonly Sketch[],
  options: DrawNextOptions,
): DrawnPart[] {
  const { resolution, alpha, seed, raw } = options;
  tf.engine().startScope();
  try {
    const plan = model.hasBoxes
      ? { glance: glanceAt(model, sketches) }
      : encodeWhole(model, sketches, options);
    const labels = labelsOf(model, plan, options);
    const classes = labels ? tf.tensor1d(labels, "int32") : undefined;
    const ends = endsOf(model, plan, { ...options, classes });
    const boxes = model.hasBoxes ? boxesOf(model, plan, { ...options, classes }) : undefined;
    const encoding = boxes
      ? encodeCrops(model, sketches, { ...options, boxes, glance: plan.glance })
      : plan as Encoding; // from encodeWhole()
    const drawn = withSeed(seed, () => {
      const parts = model.drawParts(encoding, { alpha, ...(classes ? { labels: classes } : {}) });
      return raw ? clamp(parts, -1, 1) : cleanInk(parts);
    }).dataSync() as Float32Array; // float32
    const size = resolution ** 2;
    return sketches.map((_, i) => {
      const raster = drawn.slice(i * size, (i + 1) * size), box = boxes?.[i];
      return {
        ...(box ? placed(raster, box, resolution) : { raster }),
        ...(labels ? { label: labels[i]! } : {}),
        ends: ends[i]!,
      };
    });
  } finally {
    tf.engine().endScope();
  }
}

/**
 * Maps less than a quarter of ink to paper and more than three quarters to ink, with a linear ramp
 * between. Without it the faint specks that networks leave on paper would accumulate from step to
 * step.
 * @param part in [-1, 1] or beyond
 */
export function cleanInk(part: tf.Tensor4D): tf.Tensor4D {
  // ink is (x + 1) / 2, so 1/4 … 3/4 of ink are x = -1/2 … 1/2
  return clamp(tf.mul(part, 2), -1, 1);
}

function images(rasters: readonly Float32Array[], side: number): tf.Tensor4D {
  const data = new Float32Array(rasters.length * side ** 2);
  rasters.forEach((raster, i) => data.set(raster, i * side ** 2));
  return tf.tensor4d(data, [rasters.length, side, side, 1]);
}

function glanceAt(model: SketchModel, sketches: readonly Sketch[]): tf.Tensor2D {
  const shown = sketches.map(({ lines }) => rasterOfLines(lines, GLANCE_SIDE));
  return model.glance(images(shown, GLANCE_SIDE));
}

function encodeWhole(
  model: SketchModel,
  sketches: readonly Sketch[],
  { resolution, alpha }: DrawNextOptions,
): Encoding {
  const shown = images(sketches.map(({ raster }) => raster), resolution);
  return model.encode(fadeSketches(shown, alpha), alpha);
}

function encodeCrops(
  model: SketchModel,
  sketches: readonly Sketch[],
  { resolution, alpha, boxes, glance }: DrawNextOptions & {
    boxes: readonly Box[];
    glance: tf.Tensor2D;
  },
): Encoding {
  const crops = sketches.map(({ lines }, i) => rasterOfLines(lines, resolution, boxes[i]!));
  const box = tf.tensor2d(boxes.map((one) => [...one]), [boxes.length, 4]);
  return model.encode(fadeSketches(images(crops, resolution), alpha), alpha, { box, glance });
}

/** Traces a part that was drawn in a frame, and places its lines in the sketch. */
function placed(part: Float32Array, box: Box, resolution: number) {
  const lines = pasteLines(traceStrokes(part, resolution).lines, frameOf(box));
  return { raster: rasterOfLines(lines, PLACED_SIDE), lines, box };
}

/**
 * The requested classes, or predicted ones among those not drawn yet. The likeliest class is taken,
 * except where whole sketches are drawn: there it is sampled, because all sketches would begin
 * alike otherwise.
 */
function labelsOf(
  model: SketchModel,
  plan: Pick<Encoding, "glance">,
  { labels = [], drawn = [], randoms }: DrawNextOptions,
): number[] | undefined {
  const count = model.classes.length;
  if (count === 0) return undefined;
  const logits = model.nextPart(plan).dataSync();
  return randoms.map((random, i) => {
    const open = [...logits.slice(i * count, (i + 1) * count)].map((value, label) =>
      drawn[i]?.has(label) ? -Infinity : value
    );
    const likeliest = open.indexOf(Math.max(...open));
    if (!model.beginsBlank) return labels[i] ?? likeliest;
    // that of the likeliest is 1
    const weights = open.map((value) => Math.exp(value - open[likeliest]!));
    let left = random.uniform() * weights.reduce((a, b) => a + b);
    const picked = weights.findIndex((weight) => weight > 0 && (left -= weight) < 0);
    return labels[i] ?? (picked < 0 ? likeliest : picked);
  });
}

type Planned = DrawNextOptions & { classes: tf.Tensor1D | undefined };

/** Samples whether each sketch ends with its next part. */
function endsOf(
  model: SketchModel,
  plan: Pick<Encoding, "glance">,
  { randoms, classes }: Planned,
): boolean[] {
  if (!model.beginsBlank) return randoms.map(() => false);
  const shares = tf.sigmoid(model.endsWith(plan, classes)).dataSync();
  return randoms.map((random, i) => random.uniform() < shares[i]!);
}

function boxesOf(
  model: SketchModel,
  plan: Pick<Encoding, "glance">,
  { randoms, classes, boxes }: Planned,
): readonly Box[] {
  if (boxes) return boxes;
  const { logWeights, means, sigmas } = model.nextBox(plan, classes);
  const [weights, middles, spreads] = [logWeights, means, sigmas].map((x) => x.dataSync()) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]; // float32, one array each
  const count = logWeights.shape[1], size = count * COORDINATES;
  return randoms.map((random, i) =>
    boxOfPoint(samplePoint(
      {
        logWeights: weights.subarray(i * count, (i + 1) * count),
        means: middles.subarray(i * size, (i + 1) * size),
        sigmas: spreads.subarray(i * size, (i + 1) * size),
      },
      random,
      TEMPERATURE,
    ))
  );
}
