/** The test suite of any {@linkcode RunStore}, run for each implementation. */
import { testRecords } from "./records_suite.ts";
import { testRuns } from "./runs_suite.ts";
import { testSeries } from "./series_suite.ts";
import type { StoreTest } from "./test_store.ts";
import type { RunStore } from "./types.ts";
import { testWatch } from "./watch_suite.ts";

/** Registers the suite; `open` creates a new store, `dispose` removes it. */
export function testRunStore(
  name: string,
  open: () => Promise<{ store: RunStore; dispose(): Promise<void> }>,
): void {
  const test: StoreTest = (title, run) =>
    Deno.test(`${name} ${title}`, async () => {
      const { store, dispose } = await open();
      try {
        await run(store);
      } finally {
        store.close();
        await dispose();
      }
    });
  testRuns(test);
  testSeries(test);
  testRecords(test);
  testWatch(test);
}
