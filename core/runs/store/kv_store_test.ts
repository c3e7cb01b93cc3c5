import { join } from "node:path";
import { openRunStore } from "./open_store.ts";
import { testRunStore } from "./run_store_suite.ts";

testRunStore("KvRunStore", async () => {
  const folder = await Deno.makeTempDir({ prefix: "cambium-test-" });
  const store = await openRunStore(join(folder, "new", "cambium.kv"), {
    pollInterval: 20,
    deadline: 60_000,
  });
  return { store, dispose: () => Deno.remove(folder, { recursive: true }) };
});
