/** Every preset of the shipped models can be planned from a budget. */
import assert from "node:assert/strict";
import { planBudget, planOf, type ResolutionCost } from "../../core/config/mod.ts";
import { loadPlugins } from "../../core/run/plugins/load_plugins.ts";
import { resolveOptions } from "../../core/run/spec/resolve_options.ts";
import { phasesOf } from "../../core/schedule.ts";

/** As on a small machine: 2 ms per image at 4 px, doubling with each resolution. */
function costAt(resolution: number): ResolutionCost {
  const stabilize = 0.0005 * resolution;
  return { stabilize, fade: 1.1 * stabilize, record: 5 };
}

for (const name of ["stylegan", "sketch", "progan-sr"]) {
  Deno.test(`each preset of ${name} is planned from 15 minutes, an hour and 8 hours`, async () => {
    const loaded = await loadPlugins([name]);
    for (const preset of Object.keys(loaded.model.plugin.presets ?? {})) {
      const { run } = resolveOptions(loaded, { preset, file: undefined, flags: {} });
      const desired = planOf(run, 1300);
      const costs = new Map(desired.map(({ resolution }) => [resolution, costAt(resolution)]));
      let reached = 0;
      for (const minutes of [15, 60, 480]) {
        const plan = planBudget({ desired, costs, seconds: 60 * minutes });
        const phases = phasesOf(plan), last = plan.at(-1)!;
        const time = (of: typeof phases) =>
          of.reduce((sum, p) => sum + (p.end - p.start) * costAt(p.resolution)[p.kind], 0);
        const atLast = time(phases.filter(({ resolution }) => resolution === last.resolution));
        assert.ok(atLast >= 0.55 * time(phases), `${preset}, ${minutes} minutes: ${atLast} s`);
        assert.ok(last.resolution >= reached);
        reached = last.resolution;
      }
    }
  });
}
