/** `train --resume --dry-run`: what is ahead of a run, with steps that are actually measured. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inProcess, newRun, resume, withTinyData } from "../faults/tiny_run.ts";

/** Ends the first phase after 16 of its 32 images. */
const CUTTER = `
import { definePlugin, object } from "cambium";

export default definePlugin({
  name: "cutter",
  description: "Ends the first phase early",
  kind: "add-on",
  config: object({}),
  hooks: {
    advance: ({ phase, imagesSeen }) => phase.index === 0 && imagesSeen >= 16,
  },
});
`;

Deno.test("what is ahead of a run whose phase was cut follows from where it was cut", () =>
  withTinyData(async (folder) => {
    const cutter = join(folder, "cutter.ts"), options = { folder, backend: "cpu" };
    await Deno.writeTextFile(cutter, CUTTER);
    const model = fileURLToPath(new URL("../faults/tiny_gan.ts", import.meta.url));
    const plugins = ["--plugin", model, "--plugin", cutter];
    const trained = await inProcess([...newRun(options), "--plugin", cutter, "--images", "32"]);
    assert.equal(trained.code, 0, trained.err);
    const ahead = async (...more: string[]) => {
      const { out, err } = await inProcess(
        [...resume(options), ...plugins, "--images", "0", "--dry-run", "--json", ...more],
      );
      const { phases } = JSON.parse(out || err);
      return phases.map(({ phase }: { phase: { kind: string; start: number; end: number } }) => [
        phase.kind,
        phase.start,
        phase.end,
      ]);
    };
    assert.deepEqual(await ahead(), [["fade", 32, 48], ["stabilize", 48, 80]]);
    const anew = ["--sched", "4:4::0:32,8:4::32:64"]; // a schedule that was not cut short
    assert.deepEqual(await ahead(...anew), [["fade", 32, 64], ["stabilize", 64, 128]]);
  }));
