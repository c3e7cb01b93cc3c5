import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { withFolder } from "../../testing/with_folder.ts";
import { MemoryRunStore } from "./memory_store.ts";
import { openRunStore } from "./open_store.ts";
import { testDetails, testHead } from "./test_records.ts";
import type { RunStore } from "./types.ts";

/** What two stores share while the same calls go to both: points and lines come in the order of images seen. */
interface State {
  images: number;
  /** Where each store's reader of each run is, by the run's id. */
  readers: Map<RunStore, Record<string, { cursor: string; next: number }>>;
}

type Call = (store: RunStore, state: State) => Promise<unknown>;

const id = fc.constantFrom("a", "b");
const names = fc.subarray(["loss", "fid", "p", "rate"]);

/** One random call: what it does to the shared state, and to each store. */
const call: fc.Arbitrary<{ before(state: State): void; run: Call }> = fc.oneof(
  fc.record({ id, count: fc.nat(700), names }).map(({ id, count, names }) => ({
    before: (state: State) => state.images += count,
    run: (store: RunStore, { images }: State) => {
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
    run: (store: RunStore, { images }: State) => {
      const line = { time: 1, imagesSeen: images, level: "info" as const };
      return store.appendLog(
        id,
        Array.from({ length: count }, (_, i) => ({ ...line, message: `${i}` })),
      );
    },
  })),
  fc.record({ id, part: fc.double({ min: 0, max: 1, noNaN: true }) }).map(({ id, part }) => ({
    before: (state: State) => state.images = Math.floor(state.images * part),
    run: async (store: RunStore, { images }: State) => {
      const other = id === "a" ? "b" : "a"; // both go back, so that images keep ascending
      if (await store.head(other)) await store.rewind(other, images);
      await store.rewind(id, images);
    },
  })),
  id.map((id) => ({
    before: () => {},
    run: (store: RunStore) => store.create(testHead(id), testDetails()),
  })),
  id.map((id) => ({ before: () => {}, run: (store: RunStore) => store.delete(id) })),
  fc.record({ id, limit: fc.integer({ min: 1, max: 40 }) }).map(({ id, limit }) => ({
    before: () => {},
    run: async (store: RunStore, state: State) => {
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

Deno.test("both stores answer any sequence of calls alike", () =>
  withFolder(async (folder) => {
    let file = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
        const stores = [
          new MemoryRunStore(),
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
            return [await store.list(), series, await store.readLog("a", { after: 0 })];
          }));
          assert.deepEqual(ends[1], ends[0]);
        } finally {
          for (const store of stores) store.close();
        }
      }),
      { numRuns: 20 },
    );
  }));
