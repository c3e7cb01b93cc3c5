import { killAndResume, KILLS } from "./kill_runs.ts";

Deno.test({
  name: `a run on wasm killed at ${KILLS} random moments ends in the state of one never killed`,
  fn: async () => void await killAndResume("wasm", 2),
});
