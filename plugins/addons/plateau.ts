/**
 * A schedule driven by results: a resolution ends when the sliced Wasserstein distance (SWD) stops
 * falling.
 */
import { ConfigError, definePlugin, field, object } from "../../core/mod.ts";

export default definePlugin({
  name: "plateau",
  description: "Grows early when SWD no longer falls",
  kind: "add-on",
  config: object({
    plateauPatience: field.integer("Measurements without progress before a resolution ends", 3, {
      minimum: 1,
    }),
    plateauGain: field.number("Progress: SWD falls by at least this share", 0.02, {
      minimum: 0,
      maximum: 1,
    }),
    plateauLast: field.boolean(
      "Also end the run when the last resolution no longer improves",
      false,
    ),
  }),
  /** For the current phase: its best SWD (0: none yet) and the measurements since then. */
  state: () => ({ phase: -1, best: 0, since: 0 }),
  prepare({ config, run, log }) {
    if (run.startResolution === run.resolution && !config.plateauLast) {
      log(
        `A plateau has no effect at ${run.resolution} px, the run's only resolution. ` +
          "--plateau-last lets it end the run",
      );
    }
    if (run.metricsEvery > 0) return Promise.resolve();
    return Promise.reject(
      new ConfigError(
        "Cannot wait for a plateau: expected measurements of SWD, received --metrics-every 0. " +
          "Add e.g. --metrics-every 10000",
      ),
    );
  },
  hooks: {
    measured({ config, state, phase, log }, metrics) {
      if (phase.kind === "fade") return; // the networks are still changing
      const swd = metrics["metric/swd"];
      if (swd === undefined) return;
      if (state.phase !== phase.index) {
        Object.assign(state, { phase: phase.index, best: 0, since: 0 });
      }
      if (state.best === 0 || swd < state.best * (1 - config.plateauGain)) {
        Object.assign(state, { best: swd, since: 0 });
      } else if (++state.since === config.plateauPatience) {
        log(
          `SWD has not fallen below ${
            Number(state.best.toPrecision(3))
          } for ${state.since} measurements: plateau`,
        );
      }
    },
    advance({ config, state, phase, run }) {
      const over = state.phase === phase.index && state.since >= config.plateauPatience;
      return over && (phase.resolution < run.resolution || config.plateauLast);
    },
  },
});
