/**
 * Stands in for a trainer: a separate process that opens the run store and advances a run by one
 * step for each line of its standard input.
 */
import { join } from "node:path";
import { phaseAt } from "../../core/schedule.ts";
import { openRunStore } from "../../core/run/store/open_store.ts";
import { fakePhases, fakePoint } from "../../web/testing/fake_runs.ts";
import { AHEAD_AT_MOST } from "../../web/lib/status.ts";

const [runsDir = "", id = ""] = Deno.args;
const store = await openRunStore(join(runsDir, "cambium.kv"));
const phases = fakePhases(16, 1000);
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
for await (const text of lines) {
  for (const line of text.split("\n").filter((one) => one !== "")) {
    const imagesSeen = Number(line);
    const { phase, alpha } = phaseAt(phases, imagesSeen);
    await store.appendSeries(id, [fakePoint(phases, imagesSeen, Date.now())]);
    await store.appendLog(id, [
      { time: Date.now(), imagesSeen, level: "info", message: `Step at ${imagesSeen} images` },
    ]);
    await store.update(id, {
      imagesSeen,
      alpha,
      resolution: phase.resolution,
      phaseKind: phase.kind,
      phaseIndex: phase.index,
      heartbeatAt: Date.now() + AHEAD_AT_MOST, // stays fresh even on a slow machine
    });
  }
}
store.close();
Deno.exit(0);
