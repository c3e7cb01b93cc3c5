/**
 * A data set of sketches. Nothing is cached on disk: the vectors stay in memory and each batch is
 * rasterized at its resolution, which takes no longer than reading it would, and lets every draw be
 * augmented differently.
 */
import { createHash } from "node:crypto";
import type {
  BatchLoader,
  Dataset,
  DatasetInfo,
  HostBatch,
  HostTensor,
  OpenOptions,
  SketchOptions,
  SketchPair,
} from "../../core/data.ts";
import { digestOf } from "../cache/build.ts";
import { DATA_VERSION } from "../cache/index_file.ts";
import { checkOpen } from "../loader/check_open.ts";
import { prefetch } from "../loader/prefetch.ts";
import { SampleOrder } from "../loader/sample_order.ts";
import { splitByGroup } from "../split.ts";
import type { Drawing } from "../../core/sketches/drawing.ts";
import { pairsOf, partialOf } from "./pairs.ts";
import { cropMatrix } from "../../core/sketches/box.ts";
import { rasterize } from "../../core/sketches/rasterize.ts";
import { blankPlaces } from "./places.ts";
import type { SketchSource } from "./sketch_source.ts";
import { flipOnly, variationOf } from "./vary.ts";

/** As in DoodlerGAN: 16 on a canvas of 560. */
const LINE_WIDTH = 1 / 35;

/**
 * @param resolutions sides in px that may be opened
 * @param heldOut fraction of the pairs that is held out
 */
export function sketchDataset(
  source: SketchSource,
  { resolutions, heldOut, labels: withLabels, sketches }: {
    resolutions: readonly number[];
    heldOut: number;
    labels: boolean;
    sketches: SketchOptions;
  },
): Dataset {
  const { drawings } = source;
  const { rotate = source.upright ? 0 : 15, scale = 0.1, shift = 0.01, lineWidth = LINE_WIDTH } =
    sketches;
  const { boxes = false, fromBlank = false } = sketches;
  const pairs = pairsOf(drawings, sketches.split, fromBlank);
  // the index of its drawing
  const split = splitByGroup(pairs.map((pair) => drawings[pair.drawing]!.group), heldOut);
  const classOf = ({ drawing, part }: typeof pairs[number]) =>
    drawings[drawing]!.parts[part]!.label;
  const names = [...new Set(pairs.map(classOf))].sort();
  const hasLabels = withLabels && names.length > 1;
  const numbers = new Map(names.map((name, i) => [name, i]));
  const settings = {
    split: sketches.split ?? "by format",
    rotate,
    scale,
    shift,
    lineWidth,
    heldOut,
    hasLabels,
    ...(boxes && { boxes }), // absent as it was before there were boxes
    ...(fromBlank && { fromBlank }),
  };
  const info: DatasetInfo = {
    kind: "sketches",
    name: source.name,
    source: source.source,
    digest: digestOf([DATA_VERSION, settings, drawings.map(digestOfDrawing)]),
    count: split.train.length,
    heldOutCount: split.heldOut.length,
    channels: 1,
    maxResolution: Math.max(...resolutions),
    labels: hasLabels ? names.map((name) => name === "" ? "(none)" : name) : [],
    skipped: source.skipped,
  };

  const open = (options: OpenOptions): BatchLoader => {
    const { resolution, batchSize, cursor, seed, flip = false, shuffle = true } = options;
    const samples = options.split === "held-out" ? split.heldOut : split.train;
    checkOpen(options, samples.length, resolutions);
    const order = new SampleOrder(samples.length, seed, shuffle);
    const varies = shuffle && options.split !== "held-out";
    const size = resolution * resolution, width = Math.max(1, lineWidth * resolution);

    const make = async (batch: number): Promise<HostBatch> => {
      await Promise.resolve(); // drawn after the caller went on
      const partial = new Float32Array(batchSize * size).fill(-1);
      const part = new Float32Array(batchSize * size).fill(-1);
      const classes = new Int32Array(batchSize);
      const places = boxes ? blankPlaces(batchSize) : undefined;
      const last = new Float32Array(batchSize);
      for (let i = 0; i < batchSize; i++) {
        // below the number of samples
        const k = cursor + batch * batchSize + i, pair = pairs[samples[order.at(k)]!]!;
        const drawing = drawings[pair.drawing]!, { parts } = drawing;
        const matrix = varies
          ? variationOf({ rotate, scale, shift }, { seed, k, flip })
          : flipOnly({ seed, k, flip });
        const before = partialOf(drawing, pair.part, sketches.split).flatMap((number) =>
          parts[number]!.lines
        );
        const { lines } = parts[pair.part]!;
        const seen = places ? cropMatrix(places.set(i, { before, lines, matrix }), matrix) : matrix;
        const how = { resolution, lineWidth: width, matrix: seen };
        rasterize(before, partial.subarray(i * size, (i + 1) * size), how);
        rasterize(lines, part.subarray(i * size, (i + 1) * size), how);
        classes[i] = numbers.get(classOf(pair))!; // every label has a number
        last[i] = pair.part === parts.length - 1 ? 1 : 0;
      }
      const shape = [batchSize, resolution, resolution, 1];
      return {
        partial: { data: partial, shape },
        part: { data: part, shape },
        ...(hasLabels && { labels: { data: classes, shape: [batchSize] } }),
        ...places?.tensors,
        ...(fromBlank && { last: { data: last, shape: [batchSize] } }),
      };
    };
    return prefetch(make);
  };
  const sketchPairs = (which: "train" | "held-out"): SketchPair[] =>
    (which === "train" ? split.train : split.heldOut).map((number) => {
      const pair = pairs[number]!, drawing = drawings[pair.drawing]!; // valid indices
      const { parts } = drawing;
      return {
        before: partialOf(drawing, pair.part, sketches.split).flatMap((i) => parts[i]!.lines),
        lines: parts[pair.part]!.lines,
        label: hasLabels ? numbers.get(classOf(pair))! : 0, // every label has a number
        isLast: pair.part === parts.length - 1,
      };
    });
  return { info, open, picture: wholeSketches, sketchPairs, close: () => {} };
}

/** Partial sketches together with their parts, dark on light. */
function wholeSketches({ partial, part }: HostBatch): HostTensor {
  // open() yields both, with the same shape
  const dark = (x: number, i: number) => -Math.max(x, part!.data[i]!);
  return { data: Float32Array.from(partial!.data, dark), shape: partial!.shape };
}

function digestOfDrawing({ path, parts }: Drawing): string {
  const hash = createHash("sha256").update(JSON.stringify([path, parts.map(({ label }) => label)]));
  for (const { lines } of parts) {
    hash.update(`${lines.length}:`);
    for (const line of lines) {
      hash.update(new Uint8Array(line.buffer, line.byteOffset, line.byteLength));
    }
  }
  return hash.digest("hex");
}
