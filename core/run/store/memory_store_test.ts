import { MemoryRunStore } from "./memory_store.ts";
import { testRunStore } from "./run_store_suite.ts";

testRunStore("MemoryRunStore", () => {
  return Promise.resolve({ store: new MemoryRunStore(), dispose: () => Promise.resolve() });
});
