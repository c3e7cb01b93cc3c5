import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { withFolder } from "../../testing/with_folder.ts";
import { knownRun, LOG_LINES_KEPT, unknownRun } from "./limits.ts";
import { openRunStore } from "./open_store.ts";
import { testDetails, testHead } from "./test_records.ts";
import type { LogLine, RunStore, SeriesPoint } from "./types.ts";

/** The calls that are compared. */
type Compared = Pick<
  RunStore,
  | "create"
  | "delete"
  | "head"
  | "ids"
  | "appendSeries"
  | "readSeries"
  | "appendLog"
  | "readLog"
  | "rewind"
  | "close"
>;

/** A reference model of a store, with plain lists that are searched linearly. */
class Model implements Compared {
  #epoch = 1;
  #runs = new Map<string, {
    epoch: number;
    points: SeriesPoint[];
    lines: { number: number; line: LogLine }[];
    next: number;
  }>();

  // deno-lint-ignore require-await -- errors are rejections, as in the store
  async #run(action: string, id: string) {
    const run = this.#runs.get(id);
    if (!run) throw unknownRun(action, id);
    return run;
  }

  create({ id }: { id: string }) {
    if (this.#runs.has(id)) return Promise.reject(knownRun(id));
    this.#runs.set(id, { epoch: this.#epoch++, points: [], lines: [], next: 0 });
    return Promise.resolve();
  }

  delete(id: string) {
    this.#runs.delete(id);
    return Promise.resolve();
  }

  head(id: string) {
    return Promise.resolve(this.#runs.has(id) ? testHead(id) : null);
  }

  ids() {
    return Promise.resolve([...this.#runs.keys()].sort());
  }

  async appendSeries(id: string, points: readonly SeriesPoint[]) {
    (await this.#run("append to a series", id)).points.push(...points);
  }

  readSeries(id: string, { after }: { after?: string } = {}) {
    const { epoch, points } = this.#runs.get(id) ?? { epoch: 0, points: [] };
    const [known, row] = (after ?? "none.0").split(".");
    const goesOn = known === String(epoch);
    const read = points.slice(goesOn ? Number(row) : 0);
    const names = new Set(read.flatMap((point) => Object.keys(point.values)));
    return Promise.resolve({
      imagesSeen: Float64Array.from(read, (point) => point.imagesSeen),
      time: Float64Array.from(read, (point) => point.time),
      values: Object.fromEntries(
        [...names].map((name) => [name, Float32Array.from(read, (p) => p.values[name] ?? NaN)]),
      ),
      cursor: `${epoch}.${points.length}`,
      ...(after !== undefined && !goesOn ? { restarted: true } : {}),
    });
  }

  async appendLog(id: string, lines: readonly LogLine[]) {
    const run = await this.#run("append to the log", id);
    for (const line of lines) run.lines.push({ number: run.next++, line });
    run.lines.splice(0, Math.max(0, run.lines.length - LOG_LINES_KEPT));
  }

  readLog(id: string, { after, limit = 500 }: { after?: number; limit?: number } = {}) {
    const { lines, next } = this.#runs.get(id) ?? { lines: [], next: 0 };
    const read = after === undefined
      ? lines.slice(-limit)
      : lines.filter(({ number }) => number >= after).slice(0, limit);
    const last = read.at(-1);
    const isRest = last === undefined || last === lines.at(-1);
    return Promise.resolve({
      lines: read.map(({ line }) => line),
      next: isRest ? next : last.number + 1,
    });
  }

  async rewind(id: string, imagesSeen: number) {
    const run = await this.#run("rewind a run", id);
    run.epoch = this.#epoch++;
    run.points = run.points.filter((point) => point.imagesSeen <= imagesSeen);
    run.lines = run.lines.filter(({ line }) => line.imagesSeen <= imagesSeen);
  }

  close() {}
}

/**
 * State shared by two stores that get the same calls: points and lines are in the order of
 * imagesSeen.
 */
interface State {
  images: number;
  /** Position of each store's reader, by run id. */
  readers: Map<Compared, Record<string, { cursor: string; next: number }>>;
}

type Call = (store: Compared, state: State) => Promise<unknown>;

const id = fc.constantFrom("a", "b");
const names = fc.subarray(["loss", "fid", "p", "rate"]);

/** One random call: what it does to the shared state, and to each store. */
const call: fc.Arbitrary<{ before(state: State): void; run: Call }> = fc.oneof(
  fc.record({ id, count: fc.nat(700), names }).map(({ id, count, names }) => ({
    before: (state: State) => state.images += count,
    run: (store: Compared, { images }: State) => {
      const points = Array.from({ length: count }, (_, i) => {
        const imagesSeen = images - count + i;
        const values = Object.fromEntries(names.map((name, n) => [name, imagesSeen + n]));
        return { imagesSeen, time: i, values };
      });
      return store.appendSeries(id, points);
    },
  })),
  fc.record({ id, count: fc.nat(60) }).map(({ id, count }) => ({
    before: () => {},
    run: (store: Compared, { images }: State) => {
      const line = { time: 1, imagesSeen: images, level: "info" as const };
      return store.appendLog(
        id,
        Array.from({ length: count }, (_, i) => ({ ...line, message: `${i}` })),
      );
    },
  })),
  fc.record({ id, part: fc.double({ min: 0, max: 1, noNaN: true }) }).map(({ id, part }) => ({
    before: (state: State) => state.images = Math.floor(state.images * part),
    run: async (store: Compared, { images }: State) => {
      const other = id === "a" ? "b" : "a"; // both go back, so that images keep ascending
      if (await store.head(other)) await store.rewind(other, images);
      await store.rewind(id, images);
    },
  })),
  id.map((id) => ({
    before: () => {},
    run: (store: Compared) => store.create(testHead(id), testDetails()),
  })),
  id.map((id) => ({ before: () => {}, run: (store: Compared) => store.delete(id) })),
  fc.record({ id, limit: fc.integer({ min: 1, max: 40 }) }).map(({ id, limit }) => ({
    before: () => {},
    run: async (store: Compared, state: State) => {
      const readers = state.readers.get(store) ?? {};
      const { cursor: after, next: from } = readers[id] ?? {};
      const { cursor, ...series } = await store.readSeries(
        id,
        after === undefined ? {} : { after },
      );
      const log = await store.readLog(id, from === undefined ? { limit } : { after: from, limit });
      state.readers.set(store, { ...readers, [id]: { cursor, next: log.next } });
      return [series, log];
    },
  })),
);

Deno.test("the store answers any sequence of calls as a model of lists does", () =>
  withFolder(async (folder) => {
    let file = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
        const stores = [
          new Model(),
          await openRunStore(join(folder, `${file++}.kv`), { deadline: 60_000 }),
        ] as const;
        const state: State = { images: 0, readers: new Map() };
        try {
          for (const store of stores) await store.create(testHead("a"), testDetails());
          for (const { before, run } of calls) {
            before(state);
            const [one, other] = await Promise.all(stores.map(async (store) => {
              return await run(store, state).catch((error: Error) => error.message);
            }));
            assert.deepEqual(other, one);
          }
          const ends = await Promise.all(stores.map(async (store) => {
            const { cursor: _, ...series } = await store.readSeries("a");
            return [await store.ids(), series, await store.readLog("a", { after: 0 })];
          }));
          assert.deepEqual(ends[1], ends[0]);
        } finally {
          for (const store of stores) store.close();
        }
      }),
      { numRuns: 20 },
    );
  }));
