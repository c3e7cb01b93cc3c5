/**
 * Exported generators that enlarge pictures and complete drawings give the same results as the
 * commands.
 */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { openCpu } from "../../core/backend/cpu.ts";
import { openKind } from "../../core/export/generator/load_generator.ts";
import { type Graph, writeOnnx } from "../../core/export/mod.ts";
import type { ExportedModel, Model } from "../../core/plugin/mod.ts";
import { Random, seedFor } from "../../core/random.ts";
import { webFiles } from "../../core/run/export/web_files.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { proganSrExports } from "../../plugins/progan_sr/exports.ts";
import { networkOf } from "../../plugins/progan_sr/upscale/network_of.ts";
import { upscale } from "../../plugins/progan_sr/upscale/upscale.ts";
import { rasterize } from "../../core/sketches/rasterize.ts";
import { completeSketch } from "../../plugins/sketch/complete/complete_sketch.ts";
import { cleanInk } from "../../plugins/sketch/complete/draw_next.ts";
import { fadeSketches } from "../../plugins/sketch/fade_sketches.ts";
import { boxOfPoint } from "../../plugins/sketch/layout/box_mixture.ts";
import { sketchExports } from "../../plugins/sketch/exports.ts";
import { graphsOf, writeExported } from "./export_writing.ts";
import { runOnnx } from "./onnx_runtime.ts";
import { LATENT_SIZE, tinyEnlarger, tinySketcher, withoutNoise } from "./tiny_models.ts";
import { worst } from "./worst.ts";

function forget(model: Model): void {
  model.generator.remove();
  model.discriminator.remove();
}

for (
  const { name, values, channels, alpha } of [
    { name: "by 2, while 16 px fades in", values: { scale: 2 }, channels: 3, alpha: 0.375 },
    { name: "by 4, grey", values: { scale: 4 }, channels: 1, alpha: 1 },
    {
      name: "by 2, grey, colours by their luma",
      values: { scale: 2, generator: "shuffle" },
      channels: 1,
      alpha: 1,
    },
  ]
) {
  Deno.test(`an exported network enlarges ${name}`, () =>
    withFolder(async (folder) => {
      await openCpu();
      const run = tinyEnlarger(values, { channels, alpha }), { scale } = values;
      const exported = proganSrExports(run), { model } = run;
      const width = 21, height = 13, random = new Random(seedFor(4, "picture"));
      const bytes = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));

      // ONNX, with another size than the recorded one.
      const { enlarge } = await graphsOf(exported, "none");
      const low = Float32Array.from({ length: 2 * 9 * 7 * channels }, () => random.normal() / 3);
      const expected = tf.tidy(() => {
        const images = tf.tensor4d(low, [2, 9, 7, channels]);
        return tf.clipByValue(model.enlarge(images, alpha), -1, 1).dataSync<"float32">().slice();
      });
      const { images } = await runOnnx(writeOnnx(enlarge!, { name, description: name }), {
        low: { data: low, shape: [2, 9, 7, channels] },
      });
      assert.deepEqual(images!.shape, [2, 9 * scale, 7 * scale, channels]);
      assert.ok(worst(images!.data, expected) < 1 / 255);

      // In tiles, as deno task upscale does.
      const tiled = { ...exported, side: 8 } as ExportedModel; // of the same kind
      await writeExported(folder, tiled, channels);
      using enlarger = await openKind(folder, "enlarge");
      const rgba = new Uint8Array(width * height * 4).fill(255);
      for (let i = 0; i < width * height; i++) rgba.set(bytes.subarray(i * 3, i * 3 + 3), i * 4);
      const done: number[] = [];
      const enlarged = await enlarger.enlarge(
        { data: rgba, width, height },
        { onTile: (part) => done.push(part) },
      );
      const { color } = await upscale(
        { color: { data: bytes, width, height, channels: 3 } },
        networkOf(run),
        { scale, side: 0 },
      );
      assert.deepEqual([enlarged.width, enlarged.height], [color.width, color.height]);
      const own = Array.from({ length: color.data.length }, (_, i) =>
        enlarged.rgba[Math.floor(i / 3) * 4 + i % 3]!);
      assert.ok(worst(own, color.data) <= 1);
      assert.deepEqual([done.length, done.at(-1)], [6, 1]);
      await assert.rejects(openKind(folder, "latents"), /use loadEnlarger\(\)/);
      forget(model);
    }));
}

Deno.test("a network that plans boxes is exported as functions, which draw as it does", async () => {
  await openCpu();
  const run = tinySketcher({ layout: "boxes" }, { alpha: 0.375 }), { model } = run;
  const exported = sketchExports(run);
  const { plan, complete, next_part } = await graphsOf(exported, "none");
  const onnx = (graph: Graph, inputs: Parameters<typeof runOnnx>[1]) =>
    runOnnx(writeOnnx(graph, { name: "a", description: "a" }), inputs);
  const draw = (side: number, lineWidth: number, square: readonly number[]) => {
    const data = new Float32Array(side * side).fill(-1), [left, top, size] = square;
    const line = Float32Array.of(0.2, 0.25, 0.8, 0.6).map((x, i) =>
      (x - (i % 2 === 0 ? left! : top!)) / size!
    );
    rasterize([line], data, { resolution: side, lineWidth });
    return { data, shape: [1, side, side, 1] };
  };
  const whole = draw(32, 1, [0, 0, 1]), labels = { data: Int32Array.of(1), shape: [1] };
  const planned = await onnx(plan!, { whole, labels });
  const { logits } = await onnx(next_part!, { whole });
  const means = planned.box_means!.data, box = means.slice(0, 4); // of the first component
  box.forEach((x, i) =>
    box[i] = Math.max(i < 2 ? 0 : 1 / 64, Math.min(1, i < 2 ? x : Math.exp(x)))
  );
  const size = Math.max(1 / 8, Math.max(box[2]!, box[3]!) / 0.75);
  const crop = draw(16, 1, [box[0]! - size / 2, box[1]! - size / 2, size]);
  const z = { data: new Float32Array(LATENT_SIZE).fill(0.5), shape: [1, LATENT_SIZE] };
  const code = { data: planned.code!.data, shape: planned.code!.shape };
  const { part } = await onnx(complete!, {
    crop,
    z,
    labels,
    code,
    box: { data: box, shape: [1, 4] },
  });

  const own = tf.tidy(() => {
    const tensor = ({ data, shape }: { data: ArrayLike<number>; shape: number[] }) =>
      tf.tensor(Float32Array.from(data), shape);
    const classes = tf.tensor1d([1], "int32"), drawing = tensor(whole) as tf.Tensor4D;
    const sketch = { glance: model.glance(drawing) };
    const mixture = model.nextBox(sketch, classes);
    const place = { box: tensor({ data: box, shape: [1, 4] }) as tf.Tensor2D, ...sketch };
    const encoding = model.encode(fadeSketches(tensor(crop) as tf.Tensor4D, 0.375), 0.375, place);
    const latents = tensor(z) as tf.Tensor2D;
    const drawn = withoutNoise(() =>
      cleanInk(model.drawParts(encoding, { alpha: 0.375, z: latents, labels: classes }))
    );
    const read = (x: tf.Tensor) => x.dataSync<"float32">().slice();
    return {
      part: read(drawn),
      logits: read(model.nextPart(sketch)),
      end: read(tf.sigmoid(model.endsWith(sketch, classes))),
      weights: read(mixture.logWeights),
      first: Float32Array.from(boxOfPoint([...read(mixture.means)].slice(0, 4))),
      // of centre x, ln width
      sigmas: Float32Array.of(0.2, 0.8).map((x, i) => x * read(mixture.sigmas)[2 * i]!),
    };
  });
  assert.ok(worst(part!.data, own.part) < 1 / 255);
  assert.ok(own.part.some((x) => x > -1) && own.part.some((x) => x < 1));
  assert.ok(worst(logits!.data, own.logits) < 1e-4 && worst(planned.end!.data, own.end) < 1e-4);
  assert.ok(worst(planned.box_logits!.data, own.weights) < 1e-4);
  assert.ok(worst(box, own.first) < 1e-5);
  const plugin = { exports: () => exported }, opened = { loaded: { model: { plugin } } };
  // all that is read before it is rejected
  await assert.rejects(webFiles(opened as never, { to: "web", out: "" }), /page.*Use --to onnx/);
  own.sigmas.forEach((x, i) => assert.ok(Math.abs(planned.box_sigmas!.data[2 * i]! - x) < 1e-4));
  forget(model);
});

for (
  const { name, values, classes, alpha } of [
    {
      name: "classes, latents and noise, while 16 px fades in",
      values: {},
      classes: ["top", "left"],
      alpha: 0.375,
    },
    {
      name: "two convolutions a block, without skips",
      values: { layers: 2, skips: false },
      classes: [],
      alpha: 1,
    },
    {
      name: "no latent and no noise",
      values: { latent: false, noise: false, overflow: 1 },
      classes: [],
      alpha: 1,
    },
  ]
) {
  Deno.test(`an exported network completes drawings: ${name}`, () =>
    withFolder(async (folder) => {
      await openCpu();
      const run = tinySketcher(values, { classes, alpha }), { model } = run;
      const exported = sketchExports(run), random = new Random(seedFor(4, "drawing"));
      const partial = Float32Array.from({ length: 256 }, () => random.uniform() < 0.2 ? 1 : -1);
      const own = completeSketch(model, { raster: partial, lines: [] }, {
        ...{ resolution: 16, alpha, steps: 1, parts: [], seed: 7, index: 0 },
      });

      await writeExported(folder, exported, 1);
      using completer = await openKind(folder, "complete");
      const [first, other] = await completer.complete(partial, { seeds: [7, 8] });
      assert.equal(first!.name, own.steps[0]!.name);
      assert.ok(worst(first!.part, own.steps[0]!.part) < 1e-4);
      assert.ok(worst(first!.merged, own.merged) < 1e-4);
      const varies = exported.kind === "complete" && exported.latentSize > 0;
      assert.equal(worst(first!.part, other!.part) > 0.01, varies);
      if (classes.length > 0) {
        const [left] = await completer.complete(partial, { seeds: [7], part: "left" });
        assert.equal(left!.name, "left");
      }
      await assert.rejects(completer.complete(partial.slice(1), { seeds: [1] }), /16² numbers/);

      const { complete, next_part } = await graphsOf(exported, "none");
      const write = (graph: Graph) => writeOnnx(graph, { name, description: name });
      const drawing = { data: partial, shape: [1, 16, 16, 1] };
      const z = { data: new Float32Array(LATENT_SIZE).fill(0.5), shape: [1, LATENT_SIZE] };
      const labels = { data: Int32Array.of(1), shape: [1] };
      const wanted = complete!.inputs.map((input) => input.name);
      assert.ok(wanted.includes("partial"));
      const fed = Object.entries({ partial: drawing, z, labels })
        .filter(([name]) => wanted.includes(name));
      const { merged } = await runOnnx(write(complete!), Object.fromEntries(fed));
      const { merged: expected } = tf.tidy(() => {
        const inputs = fed.map(([name, { data, shape }]) => [name, tf.tensor(data, shape)]);
        const spec = exported.functions as Extract<
          ExportedModel,
          { kind: "complete" }
        >["functions"];
        const given = Object.fromEntries(inputs);
        if (given.labels) given.labels = tf.cast(given.labels, "int32");
        // Noise was off when it was recorded, so it is off here.
        const silent = withoutNoise(() => spec.complete.run(given));
        return { merged: silent.merged!.dataSync<"float32">().slice() };
      });
      assert.ok(worst(merged!.data, expected) < 1 / 255);
      if (next_part) {
        const { logits } = await runOnnx(write(next_part), { partial: drawing });
        assert.deepEqual(logits!.shape, [1, 2]);
      }
      forget(model);
    }));
}
