/** Checks a model's networks: sizes, growth, fade-in. */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../backend/mod.ts";
import { downsampleAverage, upsampleBilinear, upsampleNearest } from "../../ops/mod.ts";
import { Random, seedFor, withSeed } from "../../random.ts";
import { drawPreview } from "../../trainer/preview.ts";
import { NETWORKS, type TrainingState } from "../../trainer/training_state.ts";
import type { Workbench } from "../workbench.ts";
import { check, type PluginCheck } from "../check.ts";

const SEED = seedFor(1, "plugin test");
/** Largest difference that rounding errors explain, relative to the largest value. */
const ROUNDING = 1e-4;
const SAMPLES = 4;

/** Phases in which the networks have just grown. */
const fadesOf = (bench: Workbench) => bench.phases.filter((p) => p.kind === "fade");

export function growthChecks(bench: Workbench): PluginCheck[] {
  const growthCheck = (
    name: string,
    run: (training: TrainingState) => void | Promise<void>,
  ): PluginCheck => ({
    name,
    async run() {
      const training = bench.training(await selectBackend({ name: "cpu" }));
      try {
        await run(training);
      } finally {
        training.dispose();
      }
    },
  });
  return [
    growthCheck(
      bench.grows ? "builds, and grows to every resolution" : "builds",
      (training) => buildsAndGrows(bench, training),
    ),
    ...(bench.grows
      ? [
        growthCheck(
          "keeps the function when it grows",
          (training) => keepsFunction(bench, training),
        ),
        growthCheck("moves continuously with alpha", (training) => movesWithAlpha(bench, training)),
        growthCheck(
          "keeps the function when fading is over",
          (training) => stabilizes(bench, training),
        ),
      ]
      : []),
  ];
}

async function buildsAndGrows(bench: Workbench, training: TrainingState): Promise<void> {
  const { channels } = bench.info;
  for (const phase of bench.phases) {
    bench.enter(training, phase);
    const { resolution: r } = phase, at = `at ${r} px (${phase.kind})`;
    for (const name of NETWORKS) {
      const count = training.network(name).trainable().length;
      // a network that no term trains needs none
      const isTrained = () => training.driver.losses().some(({ of }) => of === name);
      check(
        count > 0 || !isTrained(),
        `expected the ${name} to have weights that train ${at}, received none`,
      );
    }
    if (canDraw(bench, training)) {
      const { shape, values } = drawn(bench, training, training.position().alpha);
      check(
        shape.slice(1).join() === [r, r, channels].join(),
        `expected images [N, ${r}, ${r}, ${channels}] ${at}, received [${shape}]`,
      );
      check(values.every(Number.isFinite), `expected finite images ${at}`);
    }
    const batch = bench.batch(r, SAMPLES, 0);
    const preview = await drawPreview(training, batch, training.average ? "ema" : "live");
    check(preview.data.every(Number.isFinite), `expected a finite preview ${at}`);
  }
}

function keepsFunction(bench: Workbench, training: TrainingState): void {
  for (const fade of fadesOf(bench)) {
    const before = bench.phases[fade.index - 1];
    check(before !== undefined, "expected a first resolution before the first fade");
    bench.enter(training, before);
    const at = `from ${before.resolution} to ${fade.resolution} px`;
    const large = imagesOf(bench, fade.resolution);
    const small = tf.tidy(() => downsampleAverage(large));
    const old = tensorOf(bench, training, 1), oldScores = scoresOf(bench, training, small, 1);
    bench.enter(training, fade);
    const now = tensorOf(bench, training, 0), scores = scoresOf(bench, training, large, 0);
    const enlarged = [tf.tidy(() => upsampleNearest(old)), tf.tidy(() => upsampleBilinear(old))];
    const [scale] = tf.tidy(() => tf.max(tf.abs(old)).dataSync());
    const off = Math.min(...enlarged.map((picture) => difference(picture, now)));
    tf.dispose([large, small, old, now, ...enlarged]);
    check(
      off <= ROUNDING * Math.max(1, scale!),
      `expected the picture at alpha 0 to be the old one, enlarged, when it grows ${at}; ` +
        `received one that ` +
        `differs by ${off}. Blend the old picture, enlarged, with the new one by alpha`,
    );
    if (!scores || !oldScores) continue;
    const scoreOff = Math.max(...scores.map((s, i) => Math.abs(s - oldScores[i]!)));
    check(
      scoreOff <= ROUNDING * Math.max(1, ...oldScores.map(Math.abs)),
      `expected the discriminator at alpha 0 to score as it did the reduced images when it ` +
        `grows ${at}; ` +
        `received scores that differ by ${scoreOff}`,
    );
  }
}

function movesWithAlpha(bench: Workbench, training: TrainingState): void {
  const step = 1e-3;
  for (const fade of fadesOf(bench)) {
    bench.enter(training, fade);
    const at = (alpha: number) => tensorOf(bench, training, alpha);
    const whole = between(at(0), at(1));
    for (const alpha of [0, 0.25, 0.5, 1 - step]) {
      const moved = between(at(alpha), at(alpha + step));
      check(
        moved <= 20 * step * whole + ROUNDING,
        `expected a small change for a small change of alpha at ${fade.resolution} px; ` +
          `received ${moved} from ` +
          `${alpha} to ${alpha + step}, of ${whole} in all`,
      );
    }
  }
}

function stabilizes(bench: Workbench, training: TrainingState): void {
  for (const fade of fadesOf(bench)) {
    const next = bench.phases[fade.index + 1];
    if (!next || next.resolution !== fade.resolution) continue;
    bench.enter(training, fade);
    const before = tensorOf(bench, training, 1);
    bench.enter(training, next);
    const off = between(before, tensorOf(bench, training, 1));
    check(
      off <= ROUNDING,
      `expected stabilize() to keep the picture at ${fade.resolution} px, received one that ` +
        `differs by ${off}`,
    );
  }
}

function canDraw({ options }: Workbench, { model }: TrainingState): boolean {
  return options.draw !== undefined || (!!model.generate && model.latentSize !== undefined);
}

/** Pictures from fixed inputs, which the caller disposes. */
function tensorOf(bench: Workbench, training: TrainingState, alpha: number): tf.Tensor4D {
  const { options, info } = bench, { model } = training;
  const { resolution } = training.position().phase;
  check(
    canDraw(bench, training),
    "expected a model with generate() and latentSize, received none: pass `draw` to testPlugin()",
  );
  return tf.tidy(() =>
    withSeed(SEED, () => {
      if (options.draw) return options.draw(model, { alpha, resolution });
      const size = model.latentSize!; // canDraw() looked
      const z = tf.tensor2d(new Random(SEED).normals(SAMPLES * size), [SAMPLES, size]);
      const classes = info.labels.length;
      const labels = Array.from({ length: SAMPLES }, (_, i) => i % classes);
      return model.generate!(z, {
        alpha,
        truncation: 1,
        ...(classes > 0 ? { labels: tf.tensor1d(labels, "int32") } : {}),
      });
    })
  );
}

function drawn(bench: Workbench, training: TrainingState, alpha: number) {
  const images = tensorOf(bench, training, alpha);
  const { shape } = images, values = images.dataSync();
  images.dispose();
  return { shape, values };
}

function imagesOf(bench: Workbench, resolution: number): tf.Tensor4D {
  const noise = new Random(SEED).normals(SAMPLES * resolution ** 2 * bench.info.channels);
  return tf.tensor4d(noise, [SAMPLES, resolution, resolution, bench.info.channels]);
}

function scoresOf(
  { options }: Workbench,
  { model }: TrainingState,
  images: tf.Tensor4D,
  alpha: number,
): number[] | undefined {
  const { score } = options;
  return score &&
    tf.tidy(() => withSeed(SEED, () => [...score(model, images, alpha).dataSync()]));
}

/** Largest difference; infinite if the shapes differ. */
function difference(a: tf.Tensor, b: tf.Tensor): number {
  if (a.shape.join() !== b.shape.join()) return Infinity;
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!);
}

/** {@linkcode difference}, which disposes both tensors. */
function between(a: tf.Tensor, b: tf.Tensor): number {
  const result = difference(a, b);
  tf.dispose([a, b]);
  return result;
}
