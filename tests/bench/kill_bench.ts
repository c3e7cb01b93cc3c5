/**
 * Kills and resumes a tiny run: `deno run -A tests/bench/kill_bench.ts wasm 1000`. Fails at the
 * first result that differs.
 */
import { killAndResume } from "../faults/kill_runs.ts";
import { numberOf, parseWords } from "./parse_flags.ts";

const [backend = "wasm", kills = "1000"] = parseWords(["BACKEND", "KILLS"]);
const wanted = numberOf("KILLS", kills), AT_ONCE = 50;

let done = 0, finished = 0, torn = 0;
for (let seed = 0; done < wanted; seed++) {
  const part = await killAndResume(backend, seed, AT_ONCE);
  [done, finished, torn] = [done + AT_ONCE, finished + part.finished, torn + part.torn];
  console.log(
    `${backend}: ${done} kills, ${torn} while a checkpoint was written; ${finished} runs ended ` +
      `in equal states`,
  );
}
