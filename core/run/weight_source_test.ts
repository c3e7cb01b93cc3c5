import assert from "node:assert/strict";
import { optionsOfSource } from "./weight_source.ts";

Deno.test("a run that begins with another's weights does not end where that one was to end", () => {
  const run = {
    images: 68_000,
    stopAfter: "20m",
    decayPeriods: ["0:68000"],
    finalRate: 0.1,
    startResolution: 4,
  };
  const source = {
    run: { id: "00000-stylegan-emoji" },
    saved: { run, plugins: [], preset: null, data: {}, machine: {}, options: { stylegan: {} } },
    checkpoint: { manifest: { meta: { info: { endOf: 16 } }, imagesSeen: 40_000 } },
  };
  const { values } = optionsOfSource(source as never); // the fields that it reads
  assert.deepEqual(values, { finalRate: 0.1, startResolution: 16, firstBlock: 4 });
});
