import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { withTinyData } from "../tests/faults/tiny_run.ts";
import tiny from "../tests/faults/tiny_gan.ts";
import {
  ConfigError,
  type Observer,
  openRun,
  resumeRun,
  RunError,
  startRun,
  type StartRunOptions,
} from "./engine.ts";

/** A run of 96 images on the folder's data, with a plugin that is given as an object. */
const tinyRun = (folder: string, runs = "runs") => ({
  plugin: tiny,
  data: join(folder, "data"),
  cache: join(folder, "cache"),
  runs: join(folder, runs),
  backend: "wasm",
  resolution: 8,
  sched: ["4:4::0:32", "8:4::32:32"],
  previewCount: 4,
  checkpointEvery: 16,
  statsEvery: 8,
} as const satisfies StartRunOptions);

/** Stops a session once it has seen some images. */
function stopsAt(images: number): { signal: AbortSignal; observers: Observer[] } {
  const controller = new AbortController();
  const on: Observer["on"] = (event) => {
    if (event.type === "tick" && event.imagesSeen >= images) controller.abort(new Error("enough"));
  };
  return { signal: controller.signal, observers: [{ name: "The test", on }] };
}

Deno.test("a run that is stopped goes on in the same process, and in a later one, to the bits of an unbroken one", () =>
  withTinyData(async (folder) => {
    using whole = await startRun(tinyRun(folder, "whole"));
    const { status, imagesSeen, digest } = await whole.train();
    assert.deepEqual([status, imagesSeen], ["finished", 96]);
    {
      using run = await startRun(tinyRun(folder));
      const first = await run.train(stopsAt(20));
      assert.deepEqual([first.status, first.reason], ["stopped", "enough"]);
      assert.equal((await run.train(stopsAt(44))).status, "stopped");
      await assert.rejects(resumeRun({ ...placesOf(folder), plugin: tiny }), /lock|in use|trains/i);
    }
    using resumed = await resumeRun({ ...placesOf(folder), plugin: tiny });
    assert.equal((await resumed.train()).digest, digest);
    assert.deepEqual(
      (await resumed.stats()).map(({ imagesSeen }) => imagesSeen),
      Array.from({ length: 12 }, (_, i) => 8 * (i + 1)),
    );
  }));

Deno.test("a run draws the same while it trains and opened at its checkpoint, alone and beside others", () =>
  withTinyData(async (folder) => {
    using run = await startRun(tinyRun(folder));
    await run.train();
    const drawn = await run.draw([5, 6, 7]);
    assert.deepEqual(drawn.shape, [3, 8, 8, 3]);
    using opened = await openRun({ runs: join(folder, "runs"), plugin: tiny });
    assert.equal(opened.imagesSeen, 96);
    assert.deepEqual(await opened.draw([5, 6, 7]), drawn);
    const length = drawn.data.length / 3;
    assert.deepEqual((await opened.draw([6])).data, drawn.data.slice(length, 2 * length));
    assert.equal(opened.model.score.length, 1); // typed by the plugin: the interface Model has no such method
    const path = join(folder, "grid.png");
    await opened.grid(path, { seeds: [1, 2, 3, 4] });
    const { width } = await sharp(path).metadata();
    assert.equal(width, 2 * 64);
    const { samples } = await opened.metrics({ images: 4, cache: join(folder, "cache") });
    assert.equal(samples?.images, 4);
    await assert.rejects(
      opened.mix(path, { rows: [1], columns: [2] }),
      /Cannot mix styles of 00000-tiny-data: expected a plugin with a style a layer/,
    );
  }));

Deno.test("startRun(), resumeRun() and openRun() say what can't be", () =>
  withTinyData(async (folder) => {
    const usual = tinyRun(folder);
    await assert.rejects(
      startRun({ ...usual, options: { nope: 1 } }),
      (error) => error instanceof ConfigError && /"nope"/.test(error.message),
    );
    await assert.rejects(
      startRun({ ...usual, plugin: "stylgan" }),
      (error) => error instanceof RunError && /Did you mean "stylegan"/.test(error.message),
    );
    await assert.rejects(
      openRun({ runs: join(folder, "none") }),
      (error) => error instanceof RunError && /received no such folder/.test(error.message),
    );
    using run = await startRun({ ...usual, images: 8 });
    await run.train();
    await assert.rejects(
      openRun({ runs: usual.runs }),
      (error) =>
        error instanceof RunError && /"tiny".*a program gave it as an object/.test(error.message),
    );
  }));

const placesOf = (folder: string) => ({
  runs: join(folder, "runs"),
  cache: join(folder, "cache"),
});
