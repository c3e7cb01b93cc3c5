import assert from "node:assert/strict";
import { type Dataset, resizeMatrix, tf } from "../../core/mod.ts";
import { CLASSIC, evaluate, type EvaluateOptions } from "./evaluate.ts";
import { enlarge, reduce } from "./pairs.ts";
import { pattern, patternWeights } from "../../core/features/testdata/pattern.ts";

await tf.setBackend("cpu");

/** Held-out images in order, repeated like a loader's. */
function datasetOf(count: number, size: number): Dataset {
  const all = tf.tidy(() => {
    const coarse = tf.tensor4d(pattern(count * 4 * 4 * 3, 5, 0.9), [count, 4, 4, 3]);
    return resizeMatrix(coarse, [size, size]).dataSync() as Float32Array; // float32
  });
  const length = size * size * 3;
  return {
    info: { name: "test", heldOutCount: count } as Dataset["info"], // all that is read
    close() {},
    open({ batchSize, resolution, split }) {
      assert.equal(split, "held-out");
      let next = 0;
      return {
        waitedMilliseconds: 0,
        close() {},
        next() {
          const data = new Float32Array(batchSize * length);
          for (let i = 0; i < batchSize; i++, next++) {
            data.set(
              all.subarray((next % count) * length, (next % count + 1) * length),
              i * length,
            );
          }
          return Promise.resolve({
            images: { data, shape: [batchSize, resolution, resolution, 3] },
          });
        },
      };
    },
  };
}
const options: EvaluateOptions<"ours"> = {
  resolution: 16,
  scale: 2,
  count: 100,
  reduce: (high) => reduce(high, 2, "bicubic"),
  networks: { ours: (low) => enlarge(low, 2) },
};

Deno.test(
  "evaluate() gives a network that is bicubic the figures of bicubic, over each image " +
    "once",
  async () => {
    const before = tf.memory().numTensors;
    const { images, figures } = await evaluate(datasetOf(18, 16), {
      ...options,
      frozen: { vgg: patternWeights() },
    });
    assert.equal(images, 18);
    assert.deepEqual(figures.ours, figures.bicubic);
    assert(figures.bicubic.psnr > figures.nearest.psnr + 1, "smooth images suit bicubic");
    assert(figures.bicubic.ssim! > figures.nearest.ssim!);
    const fewer = await evaluate(datasetOf(18, 16), { ...options, count: 2 });
    const two = await evaluate(datasetOf(2, 16), options);
    assert.equal(two.figures.ours.relu1_2, undefined, "without weights");
    assert.deepEqual(fewer.figures, two.figures, "the first two, cut from the batch");
    assert.equal(tf.memory().numTensors, before);
  },
);

Deno.test(
  "evaluate() of an enlarger that knows the answer is perfect in every " +
    "figure",
  async () => {
    const dataset = datasetOf(1, 16);
    const { images } = await dataset.open({
      ...options,
      batchSize: 1,
      cursor: 0,
      seed: 0,
      split: "held-out",
    }).next();
    const { figures } = await evaluate(dataset, {
      ...options,
      frozen: { vgg: patternWeights() },
      networks: { ours: () => tf.tensor4d(images!.data, [1, 16, 16, 3]) },
    });
    const close = (value: number | undefined, wanted: number) =>
      assert(Math.abs(value! - wanted) < 1e-5, `${value}, not ${wanted}`);
    close(figures.ours.psnr, 100);
    close(figures.ours.ssim, 1);
    close(figures.ours.ssimY, 1);
    close(figures.ours.relu1_2, 0);
    for (const method of CLASSIC) {
      assert(figures[method].psnr < 100);
      assert(figures[method].relu1_2! > 0.01);
    }
  },
);

Deno.test(
  "evaluate() needs held-out images, and leaves SSIM out where its window does not " +
    "fit",
  async () => {
    await assert.rejects(() => evaluate(datasetOf(0, 16), options), /expected held-out images/);
    const { figures } = await evaluate(datasetOf(2, 8), { ...options, resolution: 8 });
    assert.equal(figures.ours.ssim, undefined);
    assert(figures.ours.psnr > 10);
  },
);
