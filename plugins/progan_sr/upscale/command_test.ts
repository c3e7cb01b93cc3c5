import assert from "node:assert/strict";
import { join, relative } from "node:path";
import sharp from "sharp";
import type { OpenedRun } from "../../../core/mod.ts";
import { commandContext, withFolder } from "../../../core/testing/mod.ts";
import type { ProganSrModel } from "../model.ts";
import { upscaleCommand } from "./command.ts";
import { pixels } from "./test_pictures.ts";
import { config, model } from "./test_network.ts";

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

Deno.test("upscale tells of a folder that can't be written before it opens a run", () =>
  withFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    const { context } = upscaling(folder, [folder], { out: join(file, "out") });
    const openRun = () => Promise.reject(new Error("a run was opened"));
    await assert.rejects(
      () => upscaleCommand.run({ ...context, openRun }),
      /Cannot write .*out: expected a folder .*received a file at .*file\. Name another$/,
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
        .webp().toFile(wide); // WebP's maximum is 16,383 px a side
      const { context, run } = upscaling(folder, [wide], { scale: 2 });
      run.withAverage = () => assert.fail("no tile is computed");
      await assert.rejects(
        () => upscaleCommand.run(context),
        /1 of 1 pictures[^]*wide\.webp: enlarged by 2 it has 16400×2 px, WEBP holds at most 16,383 a side\. Save it as PNG/,
      );
    }),
);

Deno.test(
  "upscale takes folders with their tree, skips what systems leave, and tells of " +
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
      assert.match(whole.lines[0]!, /^Skipped .*notes\.txt: not an image/);
      assert.equal(whole.lines.length, 1 + 3);
      // As a shell expands album/*, with the output folder among the inputs.
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
