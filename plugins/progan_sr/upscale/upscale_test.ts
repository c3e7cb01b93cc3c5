import assert from "node:assert/strict";
import { join, relative } from "node:path";
import sharp from "sharp";
import { type OpenedRun, tf } from "../../../core/mod.ts";
import { resolveConfig } from "../../../core/config/mod.ts";
import { commandContext, withFolder } from "../../../core/testing/mod.ts";
import { proganSrSchema } from "../config.ts";
import { createProganSr, type ProganSrModel } from "../model.ts";
import { enlarge as bicubic } from "../pairs.ts";
import { bleed } from "./bleed.ts";
import { upscaleCommand } from "./command.ts";
import { largestDifference, pixels } from "./test_pictures.ts";
import { enlargeTiled, type Pixels, planTiles } from "./tiles.ts";
import { type Enlarger, fitted, repeatsOf, upscale } from "./upscale.ts";

await tf.setBackend("cpu");

const [config] = resolveConfig([proganSrSchema], [
  { from: "test", values: { channels: 4, criticBase: 32, criticMax: 4, criticMin: 4 } },
]);
const model = createProganSr(config, { seed: 1, startResolution: 8, channels: 3 });
model.grow(16);
const network: Enlarger = {
  scale: 2,
  channels: 3,
  reach: model.reach(),
  enlarge: (low) => model.enlarge(low, 0.5),
};
Deno.test("planTiles() covers every pixel once, and reads the margin wherever there is one", () => {
  for (
    const [width, height, side] of [[50, 31, 16], [16, 16, 16], [17, 5, 0], [1, 1, 8]] as const
  ) {
    const count = new Uint8Array(width * height);
    for (const { inner, outer } of planTiles({ width, height }, side, 3)) {
      assert(side === 0 || Math.max(inner.width, inner.height) <= side);
      assert.equal(outer.x, Math.max(0, inner.x - 3));
      assert.equal(outer.y + outer.height, Math.min(height, inner.y + inner.height + 3));
      for (let y = inner.y; y < inner.y + inner.height; y++) {
        for (let x = inner.x; x < inner.x + inner.width; x++) count[y * width + x]!++;
      }
    }
    assert(count.every((n) => n === 1));
  }
});

Deno.test(
  "tiles give the pixels of the whole image to 1 of 255, borders included, and leave " +
    "no tensors",
  async () => {
    const image = pixels(41, 30, 3), before = tf.memory().numTensors;
    const common = { scale: 2, reach: network.reach, enlarge: network.enlarge };
    const whole = await enlargeTiled(image, { ...common, side: 0 });
    let calls = 0;
    const tiled = await enlargeTiled(image, { ...common, side: 11, onTile: () => calls++ });
    assert.equal(calls, 4 * 3);
    assert.deepEqual([tiled.width, tiled.height], [82, 60]);
    assert(largestDifference(whole.data, tiled.data) <= 1);
    const careless = await enlargeTiled(image, { ...common, reach: 0, side: 11 });
    assert(largestDifference(whole.data, careless.data) > 1, "without a margin there are seams");
    assert.equal(tf.memory().numTensors, before);
  },
);

Deno.test(
  "upscale() repeats the network, and works on grey, two-channel-grey and colour " +
    "alike",
  async () => {
    for (
      const [channels, hasOpacity, scale] of [[1, false, 2], [1, true, 2], [3, true, 4]] as const
    ) {
      const opacity = hasOpacity ? pixels(7, 5, 1) : undefined;
      const fractions: number[] = [];
      const result = await upscale(
        { color: pixels(7, 5, channels), opacity },
        network,
        { scale, side: 4, onProgress: (f) => fractions.push(f) },
      );
      assert.deepEqual([result.color.width, result.color.channels], [7 * scale, channels]);
      assert.equal(result.color.data.length, 35 * scale * scale * channels);
      assert.equal(result.opacity?.data.length, hasOpacity ? 35 * scale * scale : undefined);
      assert(
        fractions.every((f, i) => f > (fractions[i - 1] ?? 0)) &&
          Math.abs(fractions.at(-1)! - 1) < 1e-9,
      );
    }
    assert.equal(repeatsOf(8, 2), 3);
    assert.throws(() => repeatsOf(6, 2), /--scale 6/);
    assert.throws(() => repeatsOf(8, 4), /power of the run's scale 4/);
  },
);

Deno.test(
  "bleed() gives invisible pixels the colours of visible neighbours and changes no " +
    "visible one",
  () => {
    const color = { data: Uint8Array.of(200, 0, 0, 0, 50), width: 5, height: 1, channels: 1 };
    const opacity = { data: Uint8Array.of(255, 0, 0, 0, 1), width: 5, height: 1, channels: 1 };
    assert.deepEqual([...bleed(color, opacity, 1).data], [200, 200, 0, 50, 50]);
    assert.deepEqual([...bleed(color, opacity, 2).data], [200, 200, 125, 50, 50]);
  },
);

Deno.test(
  "upscale() leaves no fringe of what is hidden, however often the network is " +
    "repeated",
  async () => {
    const width = 40, height = 20, reach = 3;
    const white = Uint8Array.from( // 6 by 6, with hidden black around it
      { length: width * height },
      (_, i) => i % width >= 17 && i % width < 23 && i >= 7 * width && i < 13 * width ? 255 : 0,
    );
    const image: Pixels = { data: white, width, height, channels: 1 };
    for (const [scale, repeats] of [[2, 1], [2, 2], [2, 3], [4, 2]] as const) {
      const mean: Enlarger = { // of all that it may see
        scale,
        channels: 1,
        reach,
        enlarge: (low) => {
          const [, h, w] = low.shape, means = tf.avgPool(low, 2 * reach + 1, 1, "same");
          return tf.image.resizeNearestNeighbor(means, [h * scale, w * scale]);
        },
      };
      const picture = {
        color: image,
        opacity: image,
      };
      const { color, opacity } = await upscale(picture, mean, { scale: scale ** repeats, side: 0 });
      const visible = color.data.filter((_, i) => opacity!.data[i]! > 0);
      assert(visible.length >= 36 * scale ** (2 * repeats));
      assert.equal(Math.min(...new Set(visible)), 255, `${scale} to the power of ${repeats}`);
    }
  },
);

function upscaling(
  folder: string,
  args: string[],
  options: { scale?: number; out?: string; overwrite?: boolean; ensemble?: boolean } = {},
) {
  const run = {
    id: "00000-test",
    plugin: "progan-sr",
    model,
    context: { alpha: 1, config },
    withAverage: <T>(fn: () => T) => fn(),
    dispose() {},
  } as unknown as OpenedRun<ProganSrModel>; // all that the command reads
  const context = commandContext(upscaleCommand, {
    args,
    options: { out: join(folder, "out"), ...options },
    openRun: () => Promise.resolve(run),
  });
  return { context, run };
}

Deno.test("upscale tells of a file that is no picture, and does the others", () =>
  withFolder(async (folder) => {
    const good = join(folder, "good.png"), bad = join(folder, "bad.png");
    await sharp(pixels(5, 3, 3).data, { raw: { width: 5, height: 3, channels: 3 } }).png().toFile(
      good,
    );
    await Deno.writeTextFile(bad, "no picture");
    const { context } = upscaling(folder, [
      bad,
      join(folder, "absent.png"),
      good,
    ], {
      scale: 4,
    });
    await assert.rejects(
      () => upscaleCommand.run(context),
      /2 of 3 pictures:\n.*bad\.png: not an image, whatever its name says\n.*absent\.png: no such file$/,
    );
    assert.equal(context.lines.length, 1, "what failed is told once, in the end");
    const { width, height } = await sharp(join(folder, "out", "good-4x.png")).metadata();
    assert.deepEqual([width, height], [20, 12]);
    assert.match(context.lines.at(-1)!, /good\.png 5×3 → .*good-4x\.png 20×12/);
    const again = upscaling(folder, [good], { scale: 4 });
    await assert.rejects(
      () => upscaleCommand.run(again.context),
      /one that exists. Use --overwrite/,
    );
  }));

Deno.test("upscale --ensemble applies the network in eight ways", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.png");
    await sharp(pixels(5, 3, 3).data, { raw: { width: 5, height: 3, channels: 3 } }).png()
      .toFile(path);
    for (const ensemble of [false, true]) {
      const out = join(folder, `${ensemble}`);
      const { context, run } = upscaling(folder, [path], { ensemble, out });
      let calls = 0;
      run.withAverage = (fn) => {
        calls++;
        return fn();
      };
      await upscaleCommand.run(context);
      assert.equal(calls, ensemble ? 8 : 1);
    }
    const [one, mean] = await Promise.all(
      ["false", "true"].map((out) => sharp(join(folder, out, "a-2x.png")).raw().toBuffer()),
    );
    assert.notDeepEqual(one, mean);
  }));

Deno.test("upscale refuses a run of another plugin, and a factor that is no power", () =>
  withFolder(async (folder) => {
    const other = upscaling(folder, ["a.png"]);
    other.run.plugin = "stylegan";
    await assert.rejects(
      () => upscaleCommand.run(other.context),
      /progan-sr, received one of stylegan/,
    );
    const { context } = upscaling(folder, ["a.png"], { scale: 3 });
    await assert.rejects(() => upscaleCommand.run(context), /--scale 3/);
  }));

Deno.test(
  "upscale refuses a picture that its format can't hold once it is enlarged, before " +
    "any work",
  () =>
    withFolder(async (folder) => {
      const wide = join(folder, "wide.webp");
      await sharp(pixels(8200, 1, 3).data, { raw: { width: 8200, height: 1, channels: 3 } })
        .webp().toFile(wide); // WebP holds 16,383 px a side
      const { context, run } = upscaling(folder, [wide], { scale: 2 });
      run.withAverage = () => assert.fail("no tile is computed");
      await assert.rejects(
        () => upscaleCommand.run(context),
        /1 of 1 pictures[^]*wide\.webp: enlarged by 2 it has 16400×2 px, WEBP holds at most 16,383 a side\. Save it as PNG/,
      );
    }),
);

Deno.test(
  "upscale takes folders with their tree, passes over what systems leave, and tells of " +
    "the rest",
  () =>
    withFolder(async (folder) => {
      const png = await sharp(pixels(5, 3, 3).data, { raw: { width: 5, height: 3, channels: 3 } })
        .png()
        .toBuffer();
      const album = join(folder, "album");
      for (const path of ["1.png", "more/1.png", "more/deep/noending", "@eaDir/1.png"]) {
        await Deno.mkdir(join(album, path, ".."), { recursive: true });
        await Deno.writeFile(join(album, path), png);
      }
      for (const name of ["Thumbs.db", "desktop.ini", ".DS_Store", "notes.txt"]) {
        await Deno.writeTextFile(join(album, name), "x");
      }
      const results = async (args: string[], options = {}) => {
        const { context } = upscaling(folder, args, options);
        await upscaleCommand.run(context);
        const out = String(context.options.out), names: string[] = [];
        for await (const { name, isFile, parent } of walk(out)) {
          if (isFile) names.push(relative(out, join(parent, name)));
        }
        return { names: names.sort(), lines: context.lines };
      };
      const whole = await results([album]);
      assert.deepEqual(whole.names, [
        "album/1-2x.png",
        "album/more/1-2x.png",
        "album/more/deep/noending-2x.png",
      ]);
      assert.match(whole.lines[0]!, /^Passed over .*notes\.txt: not an image/);
      assert.equal(whole.lines.length, 1 + 3);
      // As a shell writes album/*, with the results inside of what is read.
      const named = (await Array.fromAsync(Deno.readDir(album), ({ name }) => join(album, name)))
        .filter((path) => !path.endsWith("notes.txt"));
      const out = join(album, "more", "out");
      const inside = await results(named, { out });
      assert.deepEqual(inside.names, ["1-2x.png", "more/1-2x.png", "more/deep/noending-2x.png"]);
      const again = await results(named, { out, overwrite: true });
      assert.deepEqual(again.names, inside.names, "results are not enlarged once more");
      const onto = upscaling(folder, [album], { out: join(album, "..", "album") });
      await assert.rejects(
        () => upscaleCommand.run(onto.context),
        /another folder than that of the pictures/,
      );
      const { context } = upscaling(folder, [join(album, "Thumbs.db")]);
      await assert.rejects(
        () => upscaleCommand.run(context),
        /^ConfigError: Cannot find a picture/,
      );
    }),
);

async function* walk(folder: string): AsyncGenerator<Deno.DirEntry & { parent: string }> {
  for await (const entry of Deno.readDir(folder)) {
    yield { ...entry, parent: folder };
    if (entry.isDirectory) yield* walk(join(folder, entry.name));
  }
}

Deno.test("upscale keeps results of one name apart by their endings", () =>
  withFolder(async (folder) => {
    const png = await sharp(pixels(2, 2, 3).data, { raw: { width: 2, height: 2, channels: 3 } })
      .png().toBuffer();
    for (const name of ["a.png", "a.gif"]) await Deno.writeFile(join(folder, name), png);
    const { context } = upscaling(folder, ["a.gif", "a.png"].map((name) => join(folder, name)));
    await upscaleCommand.run(context);
    const written = await Array.fromAsync(Deno.readDir(join(folder, "out")), ({ name }) => name);
    assert.deepEqual(written.sort(), ["a-2x.png", "a-png-2x.png"]);
  }));

Deno.test("upscale writes results of names as long as names can be", () =>
  withFolder(async (folder) => {
    const names = ["多".repeat(80), "x".repeat(251), "y".repeat(251)].map((name) => `${name}.png`);
    for (const name of names) {
      await sharp(pixels(2, 2, 3).data, { raw: { width: 2, height: 2, channels: 3 } }).png()
        .toFile(join(folder, name));
    }
    const { context } = upscaling(folder, names.map((name) => join(folder, name)));
    await upscaleCommand.run(context);
    const written = await Array.fromAsync(Deno.readDir(join(folder, "out")), ({ name }) => name);
    assert.equal(written.length, 3);
    assert(written.includes(`${"多".repeat(80)}-2x.png`));
    assert(written.every((name) => new TextEncoder().encode(name).length <= 255));
  }));

Deno.test("upscale() of 16 bits answers with 16 bits that 8 could not hold", async () => {
  const shallow = pixels(7, 5, 3),
    deep = { ...shallow, data: Uint16Array.from(shallow.data, (v) => 257 * v) };
  const options = { scale: 2, side: 0 };
  const [eight, sixteen] = [
    await upscale({ color: shallow }, network, options),
    await upscale({ color: deep }, network, options),
  ];
  assert(sixteen.color.data instanceof Uint16Array);
  const reduced = Array.from(sixteen.color.data, (v) => v / 257);
  assert(largestDifference(reduced, eight.color.data) <= 0.51, "the same but for rounding");
  assert(reduced.some((v) => Math.abs(v - Math.round(v)) > 0.2));
});

Deno.test("a grey network by luma corrects colours alike, and greys as it does a grey picture", () => {
  const grey: Enlarger = {
    scale: 2,
    channels: 1,
    reach: 2,
    colors: "luma",
    enlarge: (low) => tf.add(bicubic(low, 2), tf.square(bicubic(low, 2))),
  };
  tf.tidy(() => {
    const { data, width, height } = pixels(7, 5, 3);
    const low = tf.tensor4d(Float32Array.from(data, (v) => v / 127.5 - 1), [1, height, width, 3]);
    const luma = low.mul([0.299, 0.587, 0.114]).sum(3, true) as tf.Tensor4D;
    const expected = tf.add(bicubic(low, 2), tf.square(bicubic(luma, 2)));
    const close = (a: tf.Tensor, b: tf.Tensor) =>
      assert(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]! < 1e-5);
    close(fitted(grey, 3)(low), expected);
    const same = tf.concat([luma, luma, luma], 3), one = grey.enlarge(luma);
    close(fitted(grey, 3)(same), tf.concat([one, one, one], 3));
    const { colors: _, ...each } = grey;
    const apart = tf.add(bicubic(low, 2), tf.square(bicubic(low, 2)));
    close(fitted(each, 3)(low), apart);
  });
});
