/** `deno task measure`: metrics of a sketch run on its held-out sketches. */
import {
  ConfigError,
  type ConfigOf,
  counted,
  type Dataset,
  defineCommand,
  field,
  object,
  type OpenedRun,
  type PluginCommandContext,
  type SketchPair,
} from "../../../core/mod.ts";
import type { SketchModel } from "../model.ts";
import { blankSketch } from "../complete/complete_sketch.ts";
import { heldOutOf, measureParts, pairsOf, type PartFigures, sideOf } from "./measure_parts.ts";
import {
  comparedCount,
  LEAST_SKETCHES,
  measureSketches,
  type SketchFigures,
} from "./measure_sketches.ts";
import {
  LEAST_SIDE,
  MOST_SIDE,
  type PartClassifier,
  trainPartClassifier,
} from "./part_classifier.ts";

/** Upper bound of the options that are counts. */
const maximum = 1_000_000;

const options = object({
  pairs: field.integer("Held-out pairs to use, chosen at random by --seed", 256, {
    minimum: 1,
    maximum,
  }),
  latents: field.integer("Parts to draw for each", 4, { minimum: 1, maximum }),
  side: field.integer(
    "Side of the measured rasters, px; 0: the run's own, or 64 with boxes",
    0,
    { minimum: 0, maximum: 1024 },
  ),
  traced: field.boolean(
    "Also measure traced lines of a run without boxes at its own side, as with boxes",
    false,
  ),
  sketches: field.integer(
    "Whole sketches to draw from nothing and compare with people's; 0: none",
    0,
    { minimum: 0, maximum },
  ),
  classifierSteps: field.integer("Training steps of the part classifier; 0: none", 600, {
    minimum: 0,
    maximum,
  }),
  seed: field.integer("Seed of the choice, latents, noise and classifier", 0, {
    minimum: 0,
    maximum,
  }),
  json: field.boolean("Print the figures as JSON", false),
});

export const measureCommand = defineCommand({
  name: "measure",
  description: "Measure a sketch run on held-out sketches: touch, ink, diversity, classes",
  arguments: "",
  options,
  run: measure,
});

type Options = ConfigOf<typeof options>;

/** Metrics of parts, and of whole sketches if they were asked for. */
type Figures = PartFigures & { sketches?: SketchFigures };

async function measure(context: PluginCommandContext<Options, SketchModel>): Promise<void> {
  const { json, side, latents } = context.options;
  expectPowerOfTwo(side);
  const run = await context.openRun();
  try {
    if (run.plugin !== "sketch") {
      throw new TypeError(
        `Cannot measure ${run.id}: expected a run of plugin "sketch", received one of ` +
          `"${run.plugin}"`,
      );
    }
    const dataset = await context.openDataset(run);
    try {
      const figures = await figuresOf(run, dataset, context);
      const lines = json
        ? [JSON.stringify(figures, (_, x) => typeof x === "number" ? Number(x.toPrecision(4)) : x)]
        : [
          `${run.id}, ${counted(latents, "part")} drawn for each pair`,
          "",
          ...tableOf(figures),
        ];
      for (const line of lines) context.print(line);
    } finally {
      dataset.close();
    }
  } finally {
    run.dispose();
  }
}

async function figuresOf(
  run: OpenedRun<SketchModel>,
  dataset: Dataset,
  { options, progress, signal }: Pick<
    PluginCommandContext<Options, SketchModel>,
    "options" | "progress" | "signal"
  >,
): Promise<Figures> {
  const { pairs, latents, side, seed, traced, classifierSteps: steps } = options;
  const classes = dataset.info.labels.length, isAsked = options.sketches > 0;
  const people = pairsOf(dataset, "train"), hasClassifier = steps > 0 && classes > 1;
  // Report what cannot be measured before anything that takes minutes.
  heldOutOf(dataset);
  if (isAsked) expectComparable(run, people, { most: options.sketches, hasClassifier });
  if (hasClassifier && sideOf(run, side) < LEAST_SIDE) {
    throw new ConfigError(
      `Cannot measure classes at ${sideOf(run, side)} px: expected ${LEAST_SIDE} or more, which ` +
        `the part classifier takes. Use --side ${LEAST_SIDE}, or --classifier-steps 0`,
    );
  }
  let classifier: PartClassifier | undefined;
  try {
    if (hasClassifier) {
      classifier = await trainPartClassifier(people, {
        backend: run.backend,
        side: Math.min(MOST_SIDE, sideOf(run, side)),
        classes,
        steps,
        seed,
        onProgress(fraction) {
          signal.throwIfAborted();
          progress(fraction, "training the classifier");
        },
      });
    }
    const figures = await measureParts(run, dataset, {
      ...{ pairs, latents, side, seed, traced, classifier, signal },
    });
    if (!isAsked || !classifier) return figures;
    const how = { count: options.sketches, seed, traced, classifier, signal };
    return { ...figures, sketches: await measureSketches(run, people, how) };
  } finally {
    classifier?.dispose();
  }
}

/** @throws ConfigError where whole sketches cannot be compared */
function expectComparable(
  run: OpenedRun<SketchModel>,
  people: readonly SketchPair[],
  { most, hasClassifier }: { most: number; hasClassifier: boolean },
): void {
  if (!hasClassifier) {
    throw new ConfigError(
      "Cannot compare whole sketches: expected parts of several classes and --classifier-steps, " +
        "whose features tell sketches apart",
    );
  }
  // rejects a run that does not begin on blank paper
  blankSketch(run.model, run.context.phase.resolution);
  const count = comparedCount(people, most);
  if (count >= LEAST_SKETCHES) return;
  throw new ConfigError(
    `Cannot compare whole sketches: expected ${LEAST_SKETCHES} or more on each side, received ` +
      (count === most
        ? `--sketches ${most}`
        : `${count}, half of the drawings that are trained on. Leave --sketches out`),
  );
}

function expectPowerOfTwo(side: number): void {
  if (side === 0 || side >= LEAST_SIDE && Number.isInteger(Math.log2(side))) return;
  throw new ConfigError(
    `Cannot use --side ${side}: expected a power of two from ${LEAST_SIDE} on, or 0`,
  );
}

/** A table of drawn beside real parts, with one metric per line. */
export function tableOf(figures: Figures): string[] {
  const { resolution, pairs, touchRate, blank, inkRatio, diversity, realDiversity } = figures;
  const { classifier, sketches } = figures;
  const rows: [name: string, drawn: number | undefined, real: number | undefined][] = [
    ["parts that touch the sketch", touchRate?.drawn, touchRate?.real],
    ["parts without ink", blank, 0],
    ["mean ink, of real parts'", inkRatio, 1],
    ["mean distance of two parts", diversity, realDiversity],
    ...(classifier
      ? [
        ["parts classified correctly", classifier.drawn, classifier.real] as [
          string,
          number,
          number,
        ],
      ]
      : []),
  ];
  const line = (name: string, cells: string[]) =>
    name.padEnd(30) + cells.map((cell) => cell.padStart(9)).join("");
  const list = (title: string, of: typeof rows) => [
    line(title, ["drawn", "real"]),
    ...of.map(([name, ...values]) => line(name, values.map((x) => x?.toFixed(4) ?? "–"))),
  ];
  const title = `${counted(pairs, "pair")} at ${resolution} px`;
  if (!sketches) return list(title, rows);
  const { count, frechet, precision, coverage, parts, digest, threads } = sketches;
  return [
    ...list(title, rows),
    "",
    ...list(`${count} sketches from nothing`, [
      ["Fréchet distance", frechet.drawn, frechet.real],
      ["precision", precision.drawn, precision.real],
      ["coverage", coverage.drawn, coverage.real],
      ["parts a sketch", parts.drawn, parts.real],
    ]),
    `by features of part classifier ${digest.slice(0, 12)}, reproducible with --threads ${threads}`,
  ];
}
