import assert from "node:assert/strict";
import { type EfficientNet, type HostPicture, tf } from "../../core/mod.ts";
import { pattern, patternWeights } from "../../core/features/testdata/pattern.ts";
import { fieldFigures } from "./field_figures.ts";
import { enlarge } from "./pairs.ts";
import type { Enlarger } from "./upscale/upscale.ts";

await tf.setBackend("cpu");

const reference = JSON.parse(
  Deno.readTextFileSync(new URL("./testdata/field_figures.json", import.meta.url)),
) as Record<"colour" | "grey", Record<"bicubic, Y alone" | "bicubic", [number, number]>>;

/** The picture that `field_figures.py` creates. */
function pictureOf(isGrey: boolean): HostPicture {
  const [height, width] = [33, 30], data = new Uint8Array(height * width * 3);
  for (let i = 0; i < data.length; i++) {
    const c = isGrey ? 0 : i % 3, x = Math.floor(i / 3) % width, y = Math.floor(i / 3 / width);
    const wave = 100 * Math.sin(x / (3 + c)) * Math.cos(y / 4) + 128;
    data[i] = Math.round(wave) + (x * 7 + y * 13 + c * 5) % 23;
  }
  return { path: "a", data, width, height, channels: 3, isGrey };
}
async function* one(picture: HostPicture) {
  await Promise.resolve();
  yield picture;
}
const bicubic: Enlarger = {
  scale: 2,
  channels: 3,
  reach: 2,
  enlarge: (low) => enlarge(low, 2, "imresize"),
};
const options = { networks: { ours: bicubic }, width: 4, count: 10 };

for (const kind of ["colour", "grey"] as const) {
  Deno.test(`the field's figures of bicubic are NumPy's, for a ${kind} picture`, async () => {
    const { pictures, figures } = await fieldFigures(one(pictureOf(kind === "grey")), options);
    assert.equal(pictures, 1);
    for (const method of ["bicubic, Y alone", "bicubic"] as const) {
      const [psnr, ssim] = reference[kind][method];
      const { psnrY, ssimY } = figures[method];
      assert.ok(Math.abs(psnrY - psnr) < 2e-3, `${method}: ${psnrY}, not ${psnr}`);
      assert.ok(Math.abs(ssimY - ssim) < 2e-5, `${method}: ${ssimY}, not ${ssim}`);
    }
    assert.deepEqual(figures.ours, figures.bicubic, "a network that is bicubic");
  });
}

Deno.test("the field's figures know a perfect network, and measure as many as asked", async () => {
  const picture = pictureOf(false), { data } = picture;
  const perfect: Enlarger = {
    ...bicubic,
    enlarge: () =>
      tf.tidy(() => {
        const whole = tf.tensor4d(Float32Array.from(data, (v) => v / 127.5 - 1), [1, 33, 30, 3]);
        return whole.slice([0, 0, 0, 0], [1, 32, 30, 3]);
      }),
  };
  const before = tf.memory().numTensors;
  const frozen = { vgg: patternWeights() }, weights = tf.memory().numTensors - before;
  const some = async function* () {
    yield* one(picture);
    yield* one({ ...picture, data: Uint8Array.from(pattern(data.length, 1, 1), () => 7) });
  };
  const { pictures, figures } = await fieldFigures(some(), {
    ...options,
    networks: { ours: perfect },
    count: 1,
    frozen,
  });
  assert.equal(pictures, 1);
  assert.equal(figures.ours.psnrY, Infinity);
  assert.ok(Math.abs(figures.ours.ssimY - 1) < 1e-9);
  assert.ok(figures.ours.relu1_2! < 1e-6 && figures.bicubic.relu1_2! > 0.01);
  assert.equal(figures["bicubic, Y alone"].relu1_2, undefined);
  assert.equal(tf.memory().numTensors, before + weights);
});

Deno.test("the field's figures have a column for each frozen network at hand", async () => {
  // all that is called
  const efficientNet = { stages: (x: tf.Tensor4D) => [x] } as unknown as EfficientNet;
  const { figures } = await fieldFigures(one(pictureOf(false)), {
    ...options,
    networks: { ours: { ...bicubic, enlarge: (low) => tf.neg(enlarge(low, 2, "imresize")) } },
    frozen: { efficientNet },
  });
  assert.equal(figures.ours.relu1_2, undefined);
  const { bicubic: near, ours: negative } = figures;
  assert.ok(near.efficientNet! > 0 && near.efficientNet! < 1, `${near.efficientNet}`);
  // for opposite vectors u and −u: |v + u|² = 4 − |v − u|², up to rounding to 8 bits
  const sum = near.efficientNet! + negative.efficientNet!;
  assert.ok(Math.abs(sum - 4) < 0.01, `${sum}`);
});

Deno.test("the field's figures give each network the same input, made as was asked", async () => {
  const seen: Record<string, number[]> = {};
  const seeing = (name: string): Enlarger => ({
    ...bicubic,
    enlarge(low) {
      seen[name] = [...low.dataSync()];
      return bicubic.enlarge(low);
    },
  });
  const { figures } = await fieldFigures(one(pictureOf(false)), {
    ...options,
    networks: { ours: seeing("ours"), other: seeing("other") },
    reduce: (high) => tf.fill([1, high.shape[1] / 2, high.shape[2] / 2, 3], 0.2),
  });
  assert.deepEqual(Object.keys(figures), ["bicubic, Y alone", "bicubic", "ours", "other"]);
  assert.deepEqual(seen.ours, seen.other);
  const byte = Math.round(1.2 * 127.5);
  assert.ok(seen.ours!.every((v) => Math.abs((v + 1) * 127.5 - byte) < 1e-3));
  assert.deepEqual(figures.ours, figures.bicubic);
});

Deno.test("the field's figures need a picture", async () => {
  const none = (async function* (): AsyncGenerator<HostPicture> {})();
  await assert.rejects(
    fieldFigures(none, options),
    /expected held-out pictures, received none\. .*--data.*--held-out/,
  );
});
