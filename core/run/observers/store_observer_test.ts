import assert from "node:assert/strict";
import { join } from "node:path";
import type { RunEvent } from "../../events.ts";
import { contents } from "../../checkpoint/test_data.ts";
import { writeCheckpoint } from "../../checkpoint/mod.ts";
import { withFolder } from "../../testing/with_folder.ts";
import { createRunFolder, type RunFolder } from "../folder/run_folder.ts";
import { openRunStore } from "../store/open_store.ts";
import { line, sample, testDetails } from "../store/test_records.ts";
import type { RunStore } from "../store/types.ts";
import { storeObserver } from "./store_observer.ts";

const phase = {
  index: 0,
  resolution: 4,
  kind: "stabilize" as const,
  start: 0,
  end: 64,
  batchSize: 8,
  learningRate: 1e-3,
};

function start(imagesSeen: number): RunEvent {
  const { config, backend, dataset: { skippedCount: _, ...dataset } } = testDetails();
  return {
    ...{ type: "start", imagesSeen, imagesTotal: 64, phases: [phase], config, backend },
    dataset: { ...dataset, skipped: [] },
    panels: [],
    parameters: { generator: 1, discriminator: 1 },
  };
}

/** Runs one session that is killed after some events. */
async function runSession(store: RunStore, { id, folder }: RunFolder, imagesSeen: number) {
  const observer = storeObserver(store, {
    ...{ id, folder, plugin: "p", seed: 1, version: "1", heartbeat: 0 },
    onStopRequested: () => assert.fail("nobody asked it to stop"),
  });
  await observer.on(start(imagesSeen));
  await observer.on({ type: "log", line: { ...line(0, "oh"), level: "warning" } });
  return (await store.head(id))!;
}

Deno.test("a run of a name that the store knows from another run begins without its state", () =>
  withFolder(async (runs) => {
    const store = await openRunStore(":memory:");
    const names = { plugin: "p", data: "d" };
    const dead = await createRunFolder(runs, names);
    await runSession(store, dead, 0);
    await store.update(dead.id, { startedAt: 1, trainedSeconds: 99 });
    await store.addSample(dead.id, sample(8, "samples/old.png"));
    await store.addCheckpoint(dead.id, {
      ...{ imagesSeen: 8, path: "checkpoints/000000008", bytes: 1, digest: "d", time: 1 },
    });
    await store.requestStop(dead.id);
    await Deno.remove(dead.folder, { recursive: true });
    await Deno.remove(join(runs, ".numbers"));

    const run = await createRunFolder(runs, names);
    assert.equal(run.id, dead.id);
    const { sessions, startedAt, trainedSeconds, latestSample } = await runSession(store, run, 0);
    assert.deepEqual([sessions, trainedSeconds, latestSample], [1, 0, null]);
    assert.ok(startedAt > 1);
    assert.deepEqual(await store.checkpoints(run.id), []);
    assert.deepEqual(await store.samples(run.id), []);
    const { lines } = await store.readLog(run.id);
    assert.equal(lines.filter(({ message }) => message === "oh").length, 1);
    assert.equal(await store.stopRequested(run.id), false);
    store.close();
  }));

Deno.test("a run that is resumed keeps its state, also before its first checkpoint", () =>
  withFolder(async (runs) => {
    const store = await openRunStore(":memory:");
    const run = await createRunFolder(runs, { plugin: "p", data: "d" });
    const { startedAt } = await runSession(store, run, 0);
    for (const [i, imagesSeen] of [0, 32, 0].entries()) {
      const head = await runSession(store, run, imagesSeen);
      assert.deepEqual([head.sessions, head.startedAt], [i + 2, startedAt]);
    }
    const moved = { ...run, folder: join(runs, "elsewhere") };
    await Deno.rename(run.folder, moved.folder);
    const { sessions, folder } = await runSession(store, moved, 0);
    assert.deepEqual([sessions, folder], [5, moved.folder]);
    const { lines } = await store.readLog(run.id);
    assert.equal(lines.filter(({ message }) => message === "oh").length, 5);
    store.close();
  }));

/** A store of which every third change fails. */
function faulty(store: RunStore): RunStore {
  let calls = 0;
  const changes = ["create", "update", "appendSeries", "addSample", "setPanel", "describe"];
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        const fails = changes.includes(String(name)) && ++calls % 3 === 1;
        if (fails) throw new Error("database is locked");
        return await value.apply(target, args);
      };
    },
  });
}

Deno.test(
  "the time that a run trained reaches the store though steps follow before the next " +
    "heartbeat",
  () =>
    withFolder(async (runs) => {
      const store = await openRunStore(":memory:");
      const { id, folder } = await createRunFolder(runs, { plugin: "p", data: "d" });
      const observer = storeObserver(store, {
        ...{ id, folder, plugin: "p", seed: 1, version: "1", heartbeat: Infinity },
        onStopRequested: () => assert.fail("nobody asked it to stop"),
      });
      await observer.on(start(0));
      const position = { phase, alpha: 1, done: false },
        speed = { imagesPerSecond: 4, etaSeconds: 9 };
      await observer.on({
        ...{ type: "progress", imagesSeen: 8, imagesTotal: 64, position, ...speed },
        ...{ trainedSeconds: 55, values: {}, time: 1 },
      });
      await observer.on({
        ...{ type: "tick", imagesSeen: 16, position, ...speed },
        secondsPerImage: { 4: 0.25, 8: 1 },
      });
      await observer.on({ type: "end", status: "finished", imagesSeen: 16, reason: "over" });
      const { trainedSeconds, imagesSeen, secondsPerImage } = (await store.head(id))!;
      assert.deepEqual([trainedSeconds, imagesSeen], [55, 16]);
      assert.deepEqual(secondsPerImage, { 4: 0.25, 8: 1 });
      await observer.close?.();
      store.close();
    }),
);

Deno.test("a phase that a plugin cut is shorter in the store, too", () =>
  withFolder(async (runs) => {
    const store = await openRunStore(":memory:");
    const { id, folder } = await createRunFolder(runs, { plugin: "p", data: "d" });
    const observer = storeObserver(store, {
      ...{ id, folder, plugin: "p", seed: 1, version: "1" },
      onStopRequested: () => assert.fail("nobody asked it to stop"),
    });
    await observer.on(start(0));
    const phases = [{ ...phase, end: phase.end - 8 }];
    await observer.on({ type: "schedule", phases, imagesTotal: 56 });
    assert.deepEqual((await store.details(id))!.phases, phases);
    assert.equal((await store.head(id))!.imagesTotal, 56);
    await observer.close?.();
    store.close();
  }));

Deno.test(
  "what could not be written comes again and is written once: curves, log, samples, " +
    "head",
  () =>
    withFolder(async (runs) => {
      const run = await createRunFolder(runs, { plugin: "p", data: "d" });
      const whole = await openRunStore(":memory:"), broken = await openRunStore(":memory:");
      let opening = 0, errors = 0;
      const options = {
        ...{ id: run.id, folder: run.folder, plugin: "p", seed: 1, version: "1", heartbeat: 0 },
        now: () => 5,
        onStopRequested: () => {},
      };
      const open = () => {
        if (opening++ === 0) return Promise.reject(new Error("database is locked"));
        return Promise.resolve(faulty(broken));
      };
      const progress = (imagesSeen: number): RunEvent => ({
        ...{ type: "progress", imagesSeen, imagesTotal: 64, imagesPerSecond: 1, etaSeconds: 1 },
        position: { phase, alpha: 1, done: false },
        ...{ trainedSeconds: imagesSeen, time: imagesSeen, values: { loss: imagesSeen } },
      });
      const events: RunEvent[] = [start(0)];
      for (let i = 1; i <= 8; i++) {
        events.push(progress(8 * i));
        events.push({ type: "log", line: { ...line(8 * i, `line ${i}`), level: "warning" } });
        events.push({ type: "samples", entry: sample(8 * i, `samples/${i}.png`), removed: [] });
      }
      events.push({ type: "end", status: "finished", imagesSeen: 64, reason: "done" });
      for (const [store, from] of [[whole, whole], [broken, open]] as const) {
        const observer = storeObserver(from, options);
        for (const event of events) {
          for (let isTaken = false; !isTaken;) {
            try {
              await observer.on(event);
              isTaken = true;
            } catch {
              errors++;
              assert.ok(errors < 100 && store === broken);
            }
          }
        }
      }
      assert.ok(errors > 10);
      const [expected, received] = await Promise.all([whole, broken].map(async (store) => ({
        head: await store.head(run.id),
        series: { ...await store.readSeries(run.id), cursor: "" },
        samples: await store.samples(run.id),
        log: (await store.readLog(run.id)).lines.map(({ message }) => message),
      })));
      assert.deepEqual(received, expected);
      whole.close();
      broken.close();
    }),
);

Deno.test(
  "grids that go for a new one leave the store; those that went while it was broken, " +
    "with the next start",
  () =>
    withFolder(async (runs) => {
      const run = await createRunFolder(runs, { plugin: "p", data: "d" });
      const store = await openRunStore(":memory:");
      const observer = () =>
        storeObserver(store, {
          ...{ id: run.id, folder: run.folder, plugin: "p", seed: 1, version: "1" },
          onStopRequested: () => {},
        });
      const first = observer(),
        paths = [1, 2, 3].map((i) => `samples/00000000${i}-0004px-fade.png`);
      await first.on(start(0));
      for (const [i, path] of paths.entries()) {
        await Deno.writeTextFile(join(run.folder, path), "");
        const removed = i === 2 ? [paths[0]!] : [];
        await first.on({ type: "samples", entry: sample(i + 1, path), removed });
      }
      assert.deepEqual((await store.samples(run.id)).map((s) => s.path), paths.slice(1));
      await Deno.remove(join(run.folder, paths[1]!));
      await observer().on(start(8));
      assert.deepEqual((await store.samples(run.id)).map((s) => s.path), paths.slice(2));
      store.close();
    }),
);

Deno.test("the store lists the checkpoints that the folder has, whoever wrote or removed them", () =>
  withFolder(async (runs) => {
    const run = await createRunFolder(runs, { plugin: "p", data: "d" });
    const store = await openRunStore(":memory:");
    const observer = () =>
      storeObserver(store, {
        ...{ id: run.id, folder: run.folder, plugin: "p", seed: 1, version: "1" },
        onStopRequested: () => {},
      });
    const listed = async () => (await store.checkpoints(run.id)).map((c) => c.imagesSeen);
    const write = async (imagesSeen: number) => {
      const { path, bytes, digest } = await writeCheckpoint(run.folder, contents(imagesSeen));
      return { imagesSeen, path, bytes, digest, time: 1 };
    };
    await write(0); // of the weights of another run, before the session
    const first = observer();
    await first.on(start(0));
    assert.deepEqual(await listed(), [0]);
    await first.on({ type: "checkpoint", entry: await write(8), removed: [] });
    const gone = join(run.folder, "checkpoints", "000000000");
    await Deno.remove(gone, { recursive: true }); // and its word was lost
    await first.on({ type: "checkpoint", entry: await write(16), removed: [] });
    assert.deepEqual(await listed(), [8, 16]);
    const unheard = await write(24); // a crash before the store was told
    await Deno.rename(join(run.folder, "checkpoints", "000000016"), join(run.folder, "set aside"));
    await observer().on(start(24));
    assert.deepEqual(await listed(), [8, 24]);
    const [, last] = await store.checkpoints(run.id);
    assert.deepEqual([last!.path, last!.digest], [unheard.path, unheard.digest]);
    store.close();
  }));

Deno.test("a run whose store is renewed goes on in the new one, and writes nothing twice", () =>
  withFolder(async (runs) => {
    const first = await openRunStore(":memory:"), second = await openRunStore(":memory:");
    const { id, folder } = await createRunFolder(runs, { plugin: "p", data: "d" });
    let isLost = false;
    const observer = storeObserver(first, {
      ...{ id, folder, plugin: "p", seed: 1, version: "1", heartbeat: 0 },
      onStopRequested: () => {},
      async renew() {
        if (!isLost) return;
        isLost = false;
        await second.create((await first.head(id))!, (await first.details(id))!);
        await second.appendLog(id, [line(0, "of the folder")]); // where an earlier observer put it
        return second;
      },
    });
    await observer.on(start(0));
    isLost = true;
    await observer.on({ type: "log", line: line(0, "of the folder") });
    await observer.on({ type: "log", line: line(0, "later") });
    const { lines } = await second.readLog(id);
    assert.deepEqual(lines.map(({ message }) => message), ["of the folder", "later"]);
    await observer.close?.();
    first.close();
  }));
