import { hasTensorFlow } from "./tiny_run.ts";
import { killAndResume, KILLS } from "./kill_runs.ts";

Deno.test({
  name:
    `a run on tensorflow killed at ${KILLS} random moments ends in the state of one never killed`,
  ignore: !await hasTensorFlow(),
  fn: async () => void await killAndResume("tensorflow", 1),
});
