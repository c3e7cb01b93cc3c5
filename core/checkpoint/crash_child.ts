/**
 * For crash_test.ts: writes the second checkpoint of a run in a separate process. Arguments: the
 * run folder, and the index of the step before which the process kills itself ("none" for never).
 */
import { writeCheckpoint } from "./writer.ts";
import { contents } from "./test_data.ts";

const [run, killAt] = Deno.args as [string, string]; // crash_test.ts passes both
let step = 0;
try {
  const { digest } = await writeCheckpoint(run, contents(64), {
    at: () => {
      if (String(step++) === killAt) Deno.kill(Deno.pid, "SIGKILL");
    },
  });
  console.log(JSON.stringify({ digest, steps: step }));
} catch (error) {
  console.log(JSON.stringify({ error: String(error) }));
}
