/** `--transparent`: trains on cut-outs and draws cut-outs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { withFolder } from "../../core/testing/with_folder.ts";
import { resumeRun, startRun, type StartRunOptions } from "../../core/engine.ts";
import { expectCli, runCli } from "./cli_process.ts";

/** Writes 8 px pictures of a red disc on transparency. */
async function writeCutOuts(folder: string, count: number): Promise<void> {
  const side = 8;
  await Deno.mkdir(folder);
  for (let n = 0; n < count; n++) {
    const centre = [2 + n % 4, 2 + Math.floor(n / 4) % 4];
    const pixels = new Uint8Array(side * side * 4);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const isIn = (x - centre[0]!) ** 2 + (y - centre[1]!) ** 2 <= 4; // two coordinates
        pixels.set(isIn ? [240, 30, 30, 255] : [9, 200, 9, 0], (y * side + x) * 4);
      }
    }
    await sharp(pixels, { raw: { width: side, height: side, channels: 4 } }).png()
      .toFile(join(folder, `${n}.png`));
  }
}

const runOf = (folder: string) => ({
  plugin: "stylegan",
  data: join(folder, "discs"),
  cache: join(folder, "cache"),
  runs: join(folder, "runs"),
  backend: "wasm",
  transparent: true,
  resolution: 8,
  heldOut: 0.2,
  sched: ["4:4::0:8", "8:4::8:16"],
  previewCount: 4,
  checkpointEvery: 16,
  statsEvery: 8,
  options: { latentSize: 8, mappingLayers: 2, channelBase: 64, channelMax: 8, channelMin: 4 },
} as const satisfies StartRunOptions);

Deno.test("a run of cut-outs draws cut-outs, and goes on as it was made", (t) =>
  withFolder(async (folder) => {
    await writeCutOuts(join(folder, "discs"), 20);
    using run = await startRun(runOf(folder));
    const stop = new AbortController();
    const observers = [{
      name: "The test",
      on: ({ type, imagesSeen }: { type: string; imagesSeen?: number }) => {
        if (type === "tick" && imagesSeen! >= 16) stop.abort(new Error("enough"));
      },
    }];
    await run.train({ signal: stop.signal, observers });
    run[Symbol.dispose]();

    await t.step("images have four channels", async () => {
      using resumed = await resumeRun({ runs: join(folder, "runs"), backend: "wasm" });
      await resumed.train();
      const { shape } = await resumed.draw([0, 1]);
      assert.deepEqual(shape, [2, 8, 8, 4]);
    });
    await t.step("a picture a seed has opacity, a grid lies on a checkerboard", async () => {
      await expectCli(
        ["sample", "--runs", "runs", "--seeds", "0-1", "--out", "out", "--grid", "grid.png"]
          .concat("--backend", "wasm"),
        folder,
      );
      const one = await sharp(join(folder, "out", "seed0000.png")).metadata();
      const grid = await sharp(join(folder, "grid.png")).metadata();
      assert.deepEqual([one.channels, one.hasAlpha, grid.channels], [4, true, 3]);
    });
    await t.step("data inspect says what is read", async () => {
      const { stdout } = await runCli(
        ["data", "inspect", "discs", "--cache", "cache", "--resolution", "8", "--transparent"],
        folder,
      );
      assert.match(stdout, /Kind\s+images, RGB and opacity/);
    });
  }));

Deno.test("a run from one of cut-outs takes its opacity, unless --no-transparent is said", () =>
  withFolder(async (folder) => {
    await writeCutOuts(join(folder, "discs"), 20);
    {
      using run = await startRun({ ...runOf(folder), images: 8 });
      await run.train();
    }
    const colour = ["train", "--from", "0", "--background", "#112233", "--backend", "wasm"];
    const { code, stderr } = await runCli(colour, folder);
    assert.equal(code, 2);
    assert.match(stderr, /Cannot use --background #112233 with --transparent.*--no-transparent/);
    await expectCli(
      [...colour, "--no-transparent", "--images", "8", "--cache", "cache"],
      folder,
    );
    const path = join(folder, "runs", "00001-stylegan-discs", "config.json");
    const { data } = JSON.parse(await Deno.readTextFile(path));
    assert.deepEqual([data.channels, data.background], [3, "#112233"]);
  }));

Deno.test("--transparent is refused where nothing is transparent, and beside what it excludes", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "plain"));
    const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: "#abc" } });
    await picture.png().toFile(join(folder, "plain", "a.png"));
    const opaque = { ...runOf(folder), data: join(folder, "plain") };
    await assert.rejects(
      startRun(opaque),
      /Cannot use --transparent: .*received 1 that have none\. Leave it out; .*--no-transparent/,
    );
    const behind = { ...runOf(folder), background: "#112233" };
    await assert.rejects(startRun(behind), /Cannot use --background #112233 with --transparent/);
    await assert.rejects(startRun({ ...runOf(folder), grey: true }), /--grey with --transparent/);
    const sketch = { plugin: "sketch", transparent: true, runs: join(folder, "runs") };
    await assert.rejects(startRun(sketch), /Cannot use --transparent: expected a model of images/);
    for (const plugin of ["progan-sr", "style-transfer"]) {
      // This fails before it looks for data.
      const unread = { plugin, transparent: true, data: join(folder, "none"), runs: folder };
      await assert.rejects(startRun(unread), new RegExp(`learn from opacity, received ${plugin}`));
    }
  }));
