/** A session for tests of the trainer. */
import type { Backend } from "../backend/mod.ts";
import { resolveConfig, runSchema } from "../config/mod.ts";
import type { Plugin } from "../plugin/mod.ts";
import { createSession, type Session } from "./session.ts";

/**
 * A session of one model without options.
 * @param values of the run, whose data has as many images as a batch
 */
export function sessionOf(
  backend: Backend,
  model: Plugin,
  values: { resolution: number; batch: number } & Record<string, unknown>,
): Session {
  const [run] = resolveConfig([runSchema], [{ from: "the test", values }]);
  const { batch: count, resolution: maxResolution } = values;
  return createSession({
    run,
    plugins: [{ plugin: model, config: {} }],
    dataset: {
      ...{ kind: "images", name: "", source: "", digest: "", count, heldOutCount: 0 },
      ...{ channels: 3, maxResolution, labels: [], skipped: [] },
    },
    backend,
  });
}
