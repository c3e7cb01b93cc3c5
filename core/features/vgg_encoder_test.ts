/**
 * Checks the encoder's layers against block 1, whose values are PyTorch's, and against a plain
 * computation.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { encodeSafetensors } from "../checkpoint/safetensors.ts";
import { storedTensor } from "../checkpoint/tensors.ts";
import { withFolder } from "../testing/with_folder.ts";
import { pattern, patternWeights } from "./testdata/pattern.ts";
import { VGG_SHAPES, vggFeatures, type VggName } from "./vgg.ts";
import { readVggEncoder } from "./vgg_encoder.ts";

await tf.setBackend("cpu");

const arrayOf = (values: Float32Array, shape: readonly number[]) => storedTensor(values, shape);
const block1 = patternWeights();
const firstBlock = Object.fromEntries(
  (Object.keys(VGG_SHAPES) as VggName[]).map((name) => [ // its own keys
    name,
    arrayOf(block1[name], VGG_SHAPES[name]),
  ]),
);
const second = { kernel: pattern(9 * 64 * 128, 5, 0.02), bias: pattern(128, 7, 0.5) };
const blocks = {
  ...firstBlock,
  "block2_conv1.kernel": arrayOf(second.kernel, [3, 3, 64, 128]),
  "block2_conv1.bias": arrayOf(second.bias, [128]),
};

function withFile(
  tensors: Parameters<typeof encodeSafetensors>[0],
  fn: (file: string) => void | Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    const file = join(folder, "vgg.safetensors");
    await Deno.writeFile(
      file,
      encodeSafetensors(tensors).reduce((all, part) => {
        const joined = new Uint8Array(all.length + part.length);
        joined.set(all);
        joined.set(part, all.length);
        return joined;
      }, new Uint8Array()),
    );
    await fn(file);
  });
}

Deno.test("an encoder has the layers that the file has weights of, in a row from the first", () =>
  withFile(blocks, async (file) => {
    const places = (encoder: ReturnType<typeof readVggEncoder>) =>
      encoder!.layers.map(({ place }) => place);
    assert.deepEqual(places(readVggEncoder({ file })), ["relu1_1", "relu1_2", "relu2_1"]);
    await withFile(firstBlock, (file) => {
      const encoder = readVggEncoder({ file });
      assert.deepEqual(places(encoder), ["relu1_1", "relu1_2"]);
      assert.throws(
        () => encoder!.features(tf.zeros([1, 4, 4, 3]), ["relu2_1"]),
        /expected places of relu1_1, relu1_2, received relu2_1/,
      );
    });
    assert.equal(readVggEncoder({ file: "" }), undefined);
  }));

Deno.test("relu2_1 is the convolution of the largest of 2×2, and block 1 is vggFeatures()", () =>
  withFile(blocks, (file) => {
    tf.tidy(() => {
      const images = tf.tensor4d(pattern(4 * 5 * 3, 3, 1), [1, 4, 5, 3]);
      const encoder = readVggEncoder({ file })!;
      const [low, deep] = encoder.features(images, ["relu1_2", "relu2_1"]);
      const before = vggFeatures(block1, images, "relu1_2").arraySync()[0]!; // one image
      low!.arraySync()[0]!.forEach((row, y) =>
        row.forEach((place, x) => assert.deepEqual(place, before[y]![x]))
      );
      assert.deepEqual(deep!.shape, [1, 2, 2, 128]); // the odd column is dropped
      const largest = (y: number, x: number, c: number) =>
        Math.max(
          ...[[0, 0], [0, 1], [1, 0], [1, 1]].map(([i, j]) => before[2 * y + i!]![2 * x + j!]![c]!),
        );
      const values = deep!.arraySync()[0]!;
      for (const [y, x, out] of [[0, 0, 0], [1, 0, 77], [0, 1, 127]] as const) {
        let sum = second.bias[out]!;
        for (let i = 0; i < 3; i++) {
          for (let j = 0; j < 3; j++) {
            const [row, column] = [y + i - 1, x + j - 1];
            if (row < 0 || row > 1 || column < 0 || column > 1) continue; // padded with zeros
            for (let c = 0; c < 64; c++) {
              sum += largest(row, column, c) * second.kernel[((i * 3 + j) * 64 + c) * 128 + out]!;
            }
          }
        }
        const expected = Math.max(0, sum), received = values[y]![x]![out]!;
        assert.ok(
          Math.abs(received - expected) <= 1e-4 * (1 + expected),
          `${received}, ${expected}`,
        );
      }
    });
  }));

Deno.test("weights of another shape, and numbers that are none, are refused by name", async () => {
  const wrong = { ...blocks, "block2_conv1.bias": arrayOf(new Float32Array(64), [64]) };
  await withFile(wrong, (file) => {
    assert.throws(() => readVggEncoder({ file }), /block2_conv1.*\.bias \[128\].*and \[64\]/s);
  });
  const endless = { ...blocks, "block2_conv1.bias": arrayOf(pattern(128, 1, Infinity), [128]) };
  await withFile(endless, (file) => {
    assert.throws(() => readVggEncoder({ file }), /finite numbers/);
  });
});
