import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { withTinyData } from "../tests/faults/tiny_run.ts";
import { findCheckpoints, readCheckpoint } from "./checkpoint/mod.ts";
import tiny from "../tests/faults/tiny_gan.ts";
import { lockHolder } from "./run/folder/lock.ts";
import {
  ConfigError,
  type Observer,
  openRun,
  resumeRun,
  RunError,
  startRun,
  type StartRunOptions,
} from "./engine.ts";

/** Options of a run of 96 images on the folder's data, with a plugin given as an object. */
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

Deno.test(
  "a run that is stopped goes on in the same process, and in a later one, to the bits " +
    "of an unbroken one",
  () =>
    withTinyData(async (folder) => {
      using whole = await startRun(tinyRun(folder, "whole"));
      const { status, imagesSeen, digest } = await whole.train();
      assert.deepEqual([status, imagesSeen], ["finished", 96]);
      {
        using run = await startRun(tinyRun(folder));
        const first = await run.train(stopsAt(20));
        assert.deepEqual([first.status, first.reason], ["stopped", "enough"]);
        assert.equal((await run.train(stopsAt(44))).status, "stopped");
        await assert.rejects(
          resumeRun({ ...placesOf(folder), plugin: tiny }),
          /lock|in use|trains/i,
        );
      }
      using resumed = await resumeRun({ ...placesOf(folder), plugin: tiny });
      assert.equal((await resumed.train()).digest, digest);
      assert.deepEqual(
        (await resumed.stats()).map(({ imagesSeen }) => imagesSeen),
        Array.from({ length: 12 }, (_, i) => 8 * (i + 1)),
      );
    }),
);

Deno.test("an observer that can't be closed is told, and ends neither the run nor the others", () =>
  withTinyData(async (folder) => {
    const closed: string[] = [];
    const close = (name: string) => ({
      name,
      on() {},
      close() {
        closed.push(name);
        if (name === "The first") throw new Error("no space left");
      },
    });
    const told: string[] = [];
    const notices = { warn: (message: string) => void told.push(message) };
    using run = await startRun({ ...tinyRun(folder), images: 16, notices });
    const { status } = await run.train({ observers: [close("The first"), close("The second")] });
    assert.equal(status, "finished");
    assert.deepEqual(closed, ["The first", "The second"]);
    assert.deepEqual(told, ["The first lacks its end: no space left"]);
  }));

Deno.test(
  "a run draws the same while it trains and opened at its checkpoint, alone and beside " +
    "others",
  () =>
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
      // typed by the plugin: the interface Model has no such method
      assert.equal(opened.model.score.length, 1);
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
    }),
);

Deno.test(
  "the end of a resolution stays, and a run goes back to it; what was later is set " +
    "aside",
  () =>
    withTinyData(async (folder) => {
      const runs = join(folder, "runs");
      const options = { ...tinyRun(folder), keepCheckpoints: 2, sampleEvery: 16 } as const;
      const checkpoints = async () => (await findCheckpoints(id)).map((c) => c.imagesSeen);
      let id = "", digest = "";
      {
        using run = await startRun({ ...options, sched: ["4:4::0:20", "8:4::32:44"] });
        [id, { digest }] = [run.folder, await run.train()];
        assert.deepEqual(await checkpoints(), [20, 80, 96]);
      }
      const { manifest } = await readCheckpoint(join(id, "checkpoints/000000020"));
      assert.equal(manifest.meta.info.endOf, 4);
      await assert.rejects(
        resumeRun({ ...placesOf(folder), plugin: tiny, checkpoint: 40 }),
        /Cannot resume 00000-tiny-data at 40 images: expected the checkpoint of 20, 80, 96/,
      );
      using run = await resumeRun({ ...placesOf(folder), plugin: tiny, checkpoint: 20 });
      assert.equal(run.imagesSeen, 20);
      assert.deepEqual(await checkpoints(), [20]);
      const names = async (path: string) =>
        (await Array.fromAsync(Deno.readDir(join(id, path)), ({ name }) => name)).sort();
      assert.deepEqual(await names("abandoned/000000020/checkpoints"), ["000000080", "000000096"]);
      assert.ok((await names("samples")).every((name) => parseInt(name) <= 20));
      assert.equal((await run.train()).digest, digest); // nothing else was changed about it
      assert.deepEqual(await checkpoints(), [20, 80, 96]);
      const seen = (await run.stats()).map(({ imagesSeen }) => imagesSeen);
      assert.deepEqual(seen, Array.from({ length: 12 }, (_, i) => 8 * (i + 1)));
      assert.equal(run.folder.startsWith(runs), true);
    }),
);

Deno.test(
  "a run begins at a resolution of its own with the weights of another run's " +
    "checkpoint",
  () =>
    withTinyData(async (folder) => {
      let trained: Float32Array;
      {
        using run = await startRun({ ...tinyRun(folder), sched: ["4:4::0:20", "8:4::32:44"] });
        await run.train();
        trained = (await run.draw([1, 2])).data;
      }
      const logged: string[] = [];
      const notices = { log: (message: string) => void logged.push(message) };
      const more = { ...placesOf(folder), backend: "wasm", plugin: tiny, notices } as const;
      const copy = await startRun({ ...more, from: "0", keepCheckpoints: 9 });
      assert.deepEqual([copy.imagesSeen, copy.resolution, copy.spec.run.firstBlock], [0, 8, 4]);
      assert.deepEqual((await copy.draw([1, 2])).data, trained);
      assert.match(
        logged[0]!,
        /^Weights of 00000-tiny-data at 96 images: (\d+) of \1 arrays of the d/,
      );
      assert.equal(copy.spec.from?.checkpoint, "checkpoints/000000096");
      assert.equal((await copy.train()).imagesSeen, 44); // the stabilization alone

      using early = await startRun({ ...more, from: "0@20", images: 4 });
      assert.deepEqual([early.resolution, early.spec.run.resolution], [4, 8]);
      assert.match(logged[1]!, /generator \(not taken: generator\/8x8/);

      const id = copy.folder;
      for (const later of (await findCheckpoints(id)).slice(1)) {
        await Deno.remove(later.folder, { recursive: true });
      }
      copy[Symbol.dispose]();
      using again = await resumeRun({ ...placesOf(folder), plugin: tiny, run: id });
      assert.deepEqual((await again.draw([1, 2])).data, trained); // not a run from random weights
      await assert.rejects(startRun({ ...more, from: "0@7" }), /Cannot begin from .* at 7 images/);
    }),
);

Deno.test("a run that can't keep the weights it begins with is no run, nor in training", () =>
  withTinyData(async (folder) => {
    const options = { ...tinyRun(folder), images: 8 }, { mkdir } = Deno;
    using run = await startRun(options);
    await run.train();
    Deno.mkdir = (path, how) =>
      String(path).includes("00001-") && String(path).includes("checkpoints")
        ? Promise.reject(new Error("no space left"))
        : mkdir(path, how);
    try {
      await assert.rejects(startRun({ ...options, from: "0" }), /no space left/);
    } finally {
      Deno.mkdir = mkdir;
    }
    const begun = join(options.runs, "00001-tiny-data");
    assert.ok((await Deno.stat(begun)).isDirectory);
    await assert.rejects(resumeRun({ run: "1", runs: options.runs }), /config\.json/);
    assert.equal(await lockHolder(begun), null);
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
