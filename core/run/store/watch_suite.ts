/** Tests of any {@linkcode RunStore}: watching for changes. */
import assert from "node:assert/strict";
import { line, testDetails, testHead } from "./test_records.ts";
import type { StoreTest } from "./test_store.ts";

/** Registers the tests. */
export function testWatch(test: StoreTest): void {
  test("wakes watchers after changes, and ends with the signal", async (store) => {
    await store.create(testHead("a"), testDetails());
    const stop = new AbortController();
    let stage = 0;
    for await (const _ of store.watch("a", stop.signal)) {
      if (stage === 0) {
        stage = 1;
        setTimeout(() => store.appendLog("a", [line(1, "hi")]), 5);
      } else if ((await store.readLog("a")).lines.length === 1) {
        stage = 2;
        stop.abort();
      }
    }
    assert.equal(stage, 2);
    const stopList = new AbortController();
    for await (const _ of store.watch(undefined, stopList.signal)) {
      if (stage === 2) {
        stage = 3;
        setTimeout(() => store.update("a", { imagesSeen: 7 }), 5);
      } else if ((await store.list())[0]!.imagesSeen === 7) {
        stage = 4;
        stopList.abort();
      }
    }
    assert.equal(stage, 4);
    for await (const _ of store.watch("a", AbortSignal.abort())) assert.fail("aborted before");
  });

  test("ends watchers when it closes", async (store) => {
    await store.create(testHead("a"), testDetails());
    for await (const _ of store.watch("a", new AbortController().signal)) {
      setTimeout(() => store.close(), 20);
    }
  });
}
