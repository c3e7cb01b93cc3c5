import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import {
  type DatasetInfo,
  type OpenedRun,
  type RunConfig,
  tf,
  type VggEncoder,
} from "../../core/mod.ts";
import { encodeVgg } from "../../core/features/mod.ts";
import { patternWeights } from "../../core/features/testdata/pattern.ts";
import { commandContext, testPlugin } from "../../core/testing/mod.ts";
import { resolveConfig, runSchema } from "../../core/config/mod.ts";
import { adaptiveNorm, statistics } from "./adaptive_norm.ts";
import { createStyleTransfer, type StyleTransferModel } from "./model.ts";
import plugin from "./mod.ts";
import { stylizeCommand } from "./stylize_command.ts";

const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const file = join(folder, "vgg.safetensors");
await Deno.writeFile(file, encodeVgg(patternWeights(), "a test"));

testPlugin(plugin, {
  values: {
    startResolution: 4,
    resolution: 4,
    batch: 2,
    stabilizeImages: 6,
    vggWeights: file,
  },
  draw(model, { resolution }) {
    const images = tf.linspace(-1, 1, 2 * resolution ** 2 * 3)
      .reshape([2, resolution, resolution, 3]) as tf.Tensor4D;
    return model.stylize(images, tf.reverse(images, 0), 1);
  },
});

Deno.test("AdaIN gives the content the style's mean and deviation, whatever their sizes", () => {
  tf.tidy(() => {
    const content = tf.randomNormal([2, 5, 4, 3], 7, 2, "float32", 1) as tf.Tensor4D;
    const style = tf.randomNormal([2, 3, 6, 3], -1, 0.5, "float32", 2) as tf.Tensor4D;
    const mixed = adaptiveNorm(content, style);
    assert.deepEqual(mixed.shape, content.shape);
    const [mine, theirs] = [statistics(mixed), statistics(style)];
    for (const key of ["mean", "deviation"] as const) {
      const [a, b] = [mine[key].dataSync(), theirs[key].dataSync()];
      a.forEach((x, i) => assert.ok(Math.abs(x - b[i]!) < 1e-4, `${key} ${x}, not ${b[i]}`));
    }
    const same = adaptiveNorm(content, content).dataSync();
    content.dataSync().forEach((x, i) => assert.ok(Math.abs(x - same[i]!) < 1e-4));
  });
});

/** An encoder with the shapes of VGG-19 up to relu3_1 but few channels, which averages pictures. */
const averaging: VggEncoder = {
  layers: [
    { place: "relu1_1", from: 3, to: 4, halves: false },
    { place: "relu1_2", from: 4, to: 4, halves: false },
    { place: "relu2_1", from: 4, to: 6, halves: true },
    { place: "relu2_2", from: 6, to: 6, halves: false },
    { place: "relu3_1", from: 6, to: 8, halves: true },
  ],
  features: (images, places) =>
    places.map((place) => {
      const { to } = averaging.layers.find((layer) => layer.place === place)!; // one of the layers
      const side = 2 ** (Number(place[4]) - 1), grey = tf.mean(images, 3, true) as tf.Tensor4D;
      return tf.tile(tf.avgPool(grey, side, side, "valid"), [1, 1, 1, to]);
    }),
};

Deno.test("the decoder mirrors the encoder down to any place, and the first layers are compared", () => {
  const built = (place: "deepest" | "relu1_2" | "relu2_1" | "relu4_1") =>
    createStyleTransfer({ encoder: averaging, place, channels: 3, seed: 1 });
  const deepest = built("deepest");
  assert.deepEqual(
    [deepest.place, deepest.step, deepest.compared],
    ["relu3_1", 4, ["relu1_1", "relu2_1", "relu3_1"]],
  );
  const kernels = deepest.generator.variables().filter(({ path }) => path.endsWith("kernel"));
  assert.deepEqual(
    kernels.map(({ variable }) => variable.shape.slice(2)),
    [[8, 6], [6, 6], [6, 4], [4, 4], [4, 3]],
  );
  const shallow = built("relu1_2");
  assert.deepEqual([shallow.step, shallow.compared], [1, ["relu1_1", "relu1_2"]]);
  tf.tidy(() => {
    const content = tf.zeros([1, 8, 12, 3]) as tf.Tensor4D, style = tf.ones([1, 16, 4, 3]);
    assert.deepEqual(deepest.stylize(content, style as tf.Tensor4D, 1).shape, [1, 8, 12, 3]);
  });
  assert.throws(() => built("relu4_1"), /weights of VGG-19 reach, relu1_2, relu2_1, relu3_1/);
});

Deno.test("strength 0 decodes the content alone", () => {
  const model = createStyleTransfer({ encoder: averaging, place: "relu2_1", channels: 3, seed: 1 });
  tf.tidy(() => {
    const content = tf.randomUniform([1, 8, 8, 3], -1, 1, "float32", 1) as tf.Tensor4D;
    const [one, two] = [0.5, -0.5].map((level) =>
      model.stylize(content, tf.fill([1, 8, 8, 3], level) as tf.Tensor4D, 0).dataSync()
    );
    assert.deepEqual(one, two);
    const whole = model.stylize(content, tf.fill([1, 8, 8, 3], 0.5) as tf.Tensor4D, 1).dataSync();
    assert.notDeepEqual(whole, one);
  });
});

Deno.test("stylize writes over neither of its pictures", async () => {
  const [content, style, link] = ["c.png", "s.png", "l.png"].map((name) => join(folder, name));
  for (const path of [content!, style!]) await Deno.writeTextFile(path, "a picture");
  await Deno.symlink(style!, link!);
  for (const out of [content!, style!, link!]) {
    const context = commandContext(stylizeCommand, { args: [content!, style!], options: { out } });
    await assert.rejects(async () => await stylizeCommand.run(context), {
      name: "ConfigError",
      message: /expected another file than the pictures, received .*[cs]\.png/,
    });
  }
});

Deno.test("stylize tells of a result that can't be written before it opens a run", async () => {
  const file = join(folder, "a-file");
  await Deno.writeTextFile(file, "");
  for (
    const [out, message] of [
      [join(file, "a.png"), /Cannot write .*a\.png: .*received a file at .*a-file\. Name another/],
      [folder + "/a-folder.png", /expected the name of a file, received that of a folder/],
    ] as const
  ) {
    await Deno.mkdir(join(folder, "a-folder.png"), { recursive: true });
    const context = commandContext(stylizeCommand, { args: ["a.png", "b.png"], options: { out } });
    await assert.rejects(async () => await stylizeCommand.run(context), {
      name: "ConfigError",
      message,
    });
  }
});

Deno.test("stylize tells what it skips in its pictures, such as all frames but the first", async () => {
  const [still, film, out] = ["still.png", "film.gif", "film-by-still.png"]
    .map((name) => join(folder, name)) as [string, string, string];
  const frames = await Promise.all(
    ["red", "blue"].map((background) =>
      sharp({ create: { width: 8, height: 4, channels: 3, background } }).png().toBuffer()
    ),
  );
  await Deno.writeFile(still, frames[1]!);
  await sharp(frames, { join: { animated: true } }).gif().toFile(film);
  const run = {
    model: { step: 2, place: "relu1_2", stylize: (content: tf.Tensor4D) => tf.clone(content) },
    context: { dataset: { channels: 3 } },
    withAverage: <T>(fn: () => T) => fn(),
    dispose() {},
  } as unknown as OpenedRun<StyleTransferModel>; // all that the command reads
  const context = commandContext(stylizeCommand, {
    args: [film, still],
    options: { out },
    openRun: () => Promise.resolve(run),
  });
  await stylizeCommand.run(context);
  assert.deepEqual(context.lines, [
    `${film}: only the first of 2 frames is used`,
    `${out}: ${film} in the style of ${still}, exchanged at relu1_2`,
  ]);
  await assert.rejects(stylizeCommand.run(context), /expected a new file.* Use --overwrite/);
  await stylizeCommand.run({ ...context, options: { ...context.options, overwrite: true } });
  const { data, info } = await sharp(out).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height, ...data.subarray(0, 3)], [8, 4, 255, 0, 0]);
});

Deno.test("it says that it has one resolution, and no opacity", () => {
  const values: Partial<RunConfig> = { startResolution: 4, resolution: 16 };
  const [run] = resolveConfig([runSchema], [{ from: "the test", values }]);
  const dataset = { labels: [], channels: 3 } as unknown as DatasetInfo; // all that build() reads
  assert.throws(
    () => plugin.build!({ run, dataset, config: { place: "deepest", vggWeights: file } } as never),
    /expected one resolution, received 4 to 16 px/,
  );
  assert.equal(plugin.opacity, false); // the run layer reads it before any data
});
