/** Checks checkpoints: a resumed run continues exactly like an uninterrupted one. */
import { selectBackend } from "../../backend/mod.ts";
import type { Phase } from "../../schedule.ts";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "../../trainer/snapshot.ts";
import type { Workbench } from "../workbench.ts";
import { check, type PluginCheck } from "../check.ts";

export function checkpointChecks(bench: Workbench): PluginCheck[] {
  return [{
    name: "a checkpoint continues bit for bit",
    async run() {
      const fade = bench.phases.find((p) => p.kind === "fade");
      const last = bench.phases.at(-1)!; // phasesOf() returns at least one
      for (const phase of fade ? [fade, last] : [last]) await continues(bench, phase);
    },
  }];
}

async function continues(bench: Workbench, phase: Phase): Promise<void> {
  const backend = await selectBackend({ name: "cpu" });
  const at = `at ${phase.resolution} px (${phase.kind})`;
  const first = bench.training(backend);
  const second = bench.training(backend);
  try {
    bench.enter(first, phase);
    await bench.cycles(first, 1);
    const saved = await takeSnapshot(first, {});
    const text = JSON.stringify(saved.state);
    const state = JSON.parse(text) as Snapshot["state"]; // as a checkpoint's file keeps it
    const plugins = JSON.stringify(state.plugins);
    restoreSnapshot(second, { files: saved.files, state });
    const now = await takeSnapshot(second, {});
    check(
      JSON.stringify(now.state.plugins) === plugins,
      `expected the plugins' states as they were saved ${at}: ${plugins}, received ` +
        `${JSON.stringify(now.state.plugins)}. Keep plain data in context.state`,
    );
    await bench.cycles(first, 1);
    await bench.cycles(second, 1);
    const [a, b] = [await takeSnapshot(first, {}), await takeSnapshot(second, {})];
    for (const [file, arrays] of Object.entries(a.files)) {
      for (const [path, { data }] of Object.entries(arrays)) {
        const other = b.files[file]?.[path]?.data;
        check(
          other !== undefined && data.every((byte, i) => byte === other[i]),
          `expected "${path}" of ${file} to be the same after a resumed step as after one ` +
            `without a stop ${at}. ` +
            `Keep what hooks remember in context.state, and what steps remember in the ` +
            `networks' parameters`,
        );
      }
    }
    const [expected, received] = [a, b].map((s) => JSON.stringify(s.state.plugins));
    check(
      expected === received,
      `expected the plugins' states to go on as without a stop ${at}: ${expected}, received ` +
        `${received}`,
    );
  } finally {
    first.dispose();
    second.dispose();
  }
}
