import assert from "node:assert/strict";
import { type Dataset, type SketchPair, tf } from "../../../core/mod.ts";
import { selectBackend } from "../../../core/backend/mod.ts";
import { commandContext } from "../../../core/testing/mod.ts";
import { rasterOfLines } from "../raster_of_lines.ts";
import { openedTestRun, testInfo, testTraining } from "../test_run.ts";
import { measureCommand, tableOf } from "./command.ts";
import { measureParts } from "./measure_parts.ts";
import { measureSketches } from "./measure_sketches.ts";
import { type PartClassifier, reduced, trainPartClassifier } from "./part_classifier.ts";
import { someOf } from "./some_of.ts";

const backend = await selectBackend({ name: "tensorflow" });

/** Sides of a square: the top of class 0 and the left of class 1, each paired with all others. */
function squareSides(count: number): SketchPair[] {
  return Array.from({ length: count }, (_, i) => {
    const at = 0.15 + 0.02 * (i % 4), to = 0.85 - 0.03 * (i % 3);
    const top = Float32Array.of(at, at, to, at), left = Float32Array.of(at, at, at, to);
    const [lines, before] = i % 2 === 0 ? [[top], [left]] : [[left], [top]];
    return { lines, before, label: i % 2, isLast: true };
  });
}

const dataset: Dataset = {
  info: testInfo(),
  open: () => {
    throw new Error("measuring reads lines");
  },
  sketchPairs: () => squareSides(4),
  close: () => {},
};

Deno.test("the classifier learns to tell the parts of two classes, the same each time", async () => {
  const before = tf.memory().numTensors;
  const how = { backend, side: 8, classes: 2, steps: 30, seed: 1 };
  const [one, two] = [
    await trainPartClassifier(squareSides(12), how),
    await trainPartClassifier(squareSides(12), how),
  ];
  assert.equal(one.digest, two.digest);
  assert.match(one.digest, /^[0-9a-f]{64}$/);
  const others = squareSides(5).map(({ lines, label }) => ({ // slightly lower
    label,
    lines: lines.map((line) => line.map((value, i) => value + (i % 2) * 0.05)),
  }));
  const parts = tf.tensor4d(others.flatMap(({ lines }) => [...rasterOfLines(lines, 8)]), [
    5,
    8,
    8,
    1,
  ]);
  assert.deepEqual([...one.classify(parts)], others.map(({ label }) => label));
  const features = one.features(parts);
  assert.deepEqual(features.shape, [5, 96]);
  tf.dispose([parts, features]);
  one.dispose();
  two.dispose();
  assert.equal(tf.memory().numTensors, before, "tensors were left behind");
});

Deno.test("a classifier whose training ends early leaves no tensors behind", async () => {
  const before = tf.memory().numTensors;
  const how = { backend, side: 8, classes: 2, steps: 3, seed: 1 };
  const stopped = new DOMException("stopped", "AbortError");
  await assert.rejects(
    trainPartClassifier(squareSides(12), {
      ...how,
      onProgress: () => {
        throw stopped;
      },
    }),
    stopped,
  );
  const broken: typeof backend = {
    ...backend,
    compile: (name, fn) => ({
      ...backend.compile(name, fn),
      run: () => Promise.reject(new RangeError("out of memory")),
    }),
  };
  await assert.rejects(
    trainPartClassifier(squareSides(12), { ...how, backend: broken }),
    /out of memory/,
  );
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("pictures are reduced to the classifier's side by means", () =>
  void tf.tidy(() => {
    const picture = tf.tensor4d([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [
      1,
      4,
      4,
      1,
    ]);
    assert.deepEqual([...reduced(picture, 2).dataSync()], [2.5, 4.5, 10.5, 12.5]);
    assert.equal(reduced(picture, 4), picture);
  }));

Deno.test("lines of 256 px look to the classifier as those of its own 64 px do", () =>
  void tf.tidy(() => {
    for (const { lines } of squareSides(4)) {
      const large = tf.tensor4d(rasterOfLines(lines, 256), [1, 256, 256, 1]);
      const seen = reduced(large, 64).dataSync(), own = rasterOfLines(lines, 64);
      const ink = (of: ArrayLike<number>) =>
        Array.from(of).reduce((sum, x) => sum + (x + 1) / 2, 0);
      assert.ok(Math.abs(ink(seen) / ink(own) - 1) < 0.02, `${ink(seen)} of ${ink(own)}`);
      own.forEach((value, i) => assert.ok(Math.abs(seen[i]! - value) < 0.35, `${i}: ${seen[i]}`));
    }
  }));

Deno.test("a generator that draws the right part exactly gets the reals' own figures", async () => {
  const training = testTraining(backend);
  const real = squareSides(4).map(({ lines }) => rasterOfLines(lines, 4));
  let call = 0;
  const model = {
    ...training.model,
    // Latent 0 draws the real parts, latent 1 blank ones.
    drawParts: () =>
      call++ % 2 === 0
        ? tf.tensor4d(real.flatMap((raster) => [...raster]), [4, 4, 4, 1])
        : tf.fill([4, 4, 4, 1], -1) as tf.Tensor4D,
  };
  const run = { ...openedTestRun(training), model };
  const options = { pairs: 4, seed: 0, side: 0 };
  const one = await measureParts(run, dataset, { ...options, latents: 1 });
  assert.equal(one.touchRate?.drawn, 1);
  assert.equal(one.touchRate?.real, 1); // neighbouring sides
  assert.ok(Math.abs(one.inkRatio - 1) < 1e-6);
  assert.deepEqual([one.resolution, one.blank, one.pairs], [4, 0, 4]);
  assert.ok(!("diversity" in one) && one.realDiversity! > 0); // a single part has no distance
  const [, , , , distance] = tableOf({ ...one, realDiversity: 0.25 });
  assert.equal(distance, "mean distance of two parts            –   0.2500");
  const first: Dataset = {
    ...dataset,
    sketchPairs: () => squareSides(4).map((pair) => ({ ...pair, before: [] })),
  };
  call = 0;
  const begun = await measureParts(run, first, { ...options, latents: 2 });
  assert.deepEqual([begun.touchRate, begun.blank], [undefined, 0.5], "first parts touch nothing");
  assert.match(tableOf(begun)[1]!, /parts that touch the sketch +– +–$/);
  call = 0;
  const two = await measureParts(run, dataset, { ...options, latents: 2 });
  assert.equal(two.touchRate?.drawn, 0.5);
  assert.equal(two.blank, 0.5);
  assert.ok(Math.abs(two.inkRatio - 0.5) < 1e-6);
  const distances = real.map((raster) =>
    Math.sqrt(raster.reduce((sum, x) => sum + (x + 1) ** 2, 0) / 16)
  );
  assert.ok(Math.abs(two.diversity! - distances.reduce((a, b) => a + b) / 4) < 1e-5);
  training.dispose();
});

Deno.test("with boxes, and at another side, lines are measured; classes are told at the classifier's", async () => {
  const seen: number[][] = [];
  const classifier: PartClassifier = {
    side: 16,
    digest: "",
    threads: 1,
    classify: (parts) => {
      seen.push(parts.shape);
      return Int32Array.from({ length: parts.shape[0] }, (_, i) => i % 2);
    },
    features: () => tf.zeros([1, 1]),
    dispose() {},
  };
  const chosen = someOf(dataset.sketchPairs!("held-out"), 3, 0);
  const right = chosen.filter(({ label }, i) => label === i % 2).length / 3;
  for (const layout of ["whole", "boxes"]) {
    const training = testTraining(backend, { layout }), before = tf.memory().numTensors;
    const figures = await measureParts(openedTestRun(training), dataset, {
      ...{ pairs: 3, latents: 2, seed: 0, side: 32, classifier },
    });
    assert.equal(tf.memory().numTensors, before, "tensors were left behind");
    assert.deepEqual([figures.resolution, figures.pairs], [32, 3]);
    assert.deepEqual(figures.classifier?.real, right);
    assert.ok(figures.inkRatio >= 0 && figures.touchRate?.real === 1);
    training.dispose();
  }
  assert.deepEqual(seen[0], [3, 16, 16, 1]);
});

Deno.test("whole sketches stand beside as many of people's; drawing people's gets near the floor", async () => {
  const training = testTraining(backend, { blank: "yes" }, []), run = openedTestRun(training);
  const pairs = Array.from({ length: 40 }, (_, i) => {
    const at = 0.2 + 0.5 * ((i * 7) % 40) / 40;
    return { before: [], lines: [Float32Array.of(at, 0.2, at, 0.8)], label: 0, isLast: true };
  });
  const classifier: PartClassifier = {
    side: 8,
    digest: "d",
    threads: 1,
    classify: () => new Int32Array(),
    // ink of the left half, ink of the right half
    features: (pictures) => tf.mean(tf.reshape(pictures, [-1, 8, 2, 4]), [1, 3]) as tf.Tensor2D,
    dispose() {},
  };
  const before = tf.memory().numTensors;
  const figures = await measureSketches(run, pairs, { count: 99, seed: 0, classifier });
  assert.equal(tf.memory().numTensors, before, "tensors were left behind");
  assert.deepEqual([figures.count, figures.digest, figures.parts.real], [20, "d", 1]);
  assert.ok(figures.frechet.drawn > 10 * figures.frechet.real, JSON.stringify(figures.frechet));
  assert.ok(figures.precision.real > 0.7 && figures.coverage.real > 0.7);
  training.dispose();
});

Deno.test("a run without boxes is measured as drawn at its own side, or as traced lines when asked", async () => {
  const training = testTraining(backend, { blank: "yes" }, []);
  const run = {
    ...openedTestRun(training),
    model: { ...training.model, drawParts: () => tf.ones([4, 4, 4, 1]) as tf.Tensor4D },
  };
  const pairs: SketchPair[] = Array.from({ length: 16 }, () => ({
    ...{ before: [], lines: [Float32Array.of(0.4, 0.2, 0.4, 0.8)], label: 0, isLast: true },
  }));
  const inks: number[] = [];
  const classifier: PartClassifier = {
    side: 4,
    digest: "",
    threads: 1,
    classify: () => new Int32Array(),
    features: (pictures) =>
      tf.tidy(() => {
        inks.push(tf.mean(pictures).dataSync()[0]!);
        return tf.randomNormal([pictures.shape[0], 2], 0, 1, "float32", 1);
      }),
    dispose() {},
  };
  const parts = { pairs: 4, latents: 1, seed: 0, side: 0 };
  const few = { ...dataset, sketchPairs: () => pairs };
  const drawn = await measureParts(run, few, parts);
  const traced = await measureParts(run, few, { ...parts, traced: true });
  // As a raster, a black square is all ink; traced as lines it is less than half of that.
  assert.ok(traced.inkRatio > 0 && traced.inkRatio < 0.5 * drawn.inkRatio, `${traced.inkRatio}`);
  await measureSketches(run, pairs, { count: 8, seed: 0, classifier });
  await measureSketches(run, pairs, { count: 8, seed: 0, traced: true, classifier });
  assert.equal(inks.length, 6); // people's sketches twice, then the drawn ones
  assert.equal(inks[2], 1);
  assert.ok(inks[5]! < 0.5, `${inks[5]}`);
  training.dispose();
});

Deno.test("measure refuses before it trains a classifier what it could not measure after", async () => {
  const fails = async (
    options: Record<string, number>,
    message: RegExp,
    { values = {}, pairs = squareSides(16) }: {
      values?: Record<string, unknown>;
      pairs?: SketchPair[];
    } = {},
  ) => {
    const training = testTraining(backend, values);
    const context = commandContext(measureCommand, {
      options,
      openRun: () => Promise.resolve(openedTestRun(training)),
      openDataset: () => Promise.resolve({ ...dataset, sketchPairs: () => pairs }),
      progress: (_, message) => assert.fail(message), // of the classifier
    });
    await assert.rejects(async () => await measureCommand.run(context), { message });
  };
  await fails({}, /classes at 4 px: expected 8 or more.*--side 8, or --classifier-steps 0$/);
  await fails({ side: 8, sketches: 9 }, /expected a run that begins on blank paper/);
  const values = { blank: "yes" };
  await fails({ side: 8, sketches: 5 }, /expected 6 or more on each side, received --sketches 5$/, {
    values,
  });
  await fails({ side: 8, sketches: 9 }, /expected 6 or more.*received 5, half of the drawings/, {
    values,
    pairs: squareSides(11),
  });
  await fails({}, /expected held-out sketches, received none\. Train with/, { pairs: [] });
});

Deno.test("measure stops when it is told to, whatever it is at", async () => {
  const training = testTraining(backend, { blank: "yes" }), run = openedTestRun(training);
  const stopped = AbortSignal.abort(new Error("Ctrl-C"));
  const data: Dataset = { ...dataset, sketchPairs: () => squareSides(12) };
  const context = commandContext(measureCommand, {
    options: { side: 8 },
    signal: stopped,
    openRun: () => Promise.resolve({ ...run, dispose() {} }),
    openDataset: () => Promise.resolve(data),
  });
  await assert.rejects(async () => await measureCommand.run(context), /^Error: Ctrl-C$/);
  const classifier = { side: 8 } as PartClassifier; // not used: it stops before
  const how = { pairs: 4, latents: 9, seed: 0, side: 0 };
  const soon = () => { // takes effect while it draws, when the event loop gets a turn
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("Ctrl-C")));
    return controller.signal;
  };
  await assert.rejects(measureParts(run, data, { ...how, signal: soon() }), /^Error: Ctrl-C$/);
  await assert.rejects(
    measureSketches(run, squareSides(12), { count: 6, seed: 0, classifier, signal: stopped }),
    /^Error: Ctrl-C$/,
  );
  training.dispose();
});
