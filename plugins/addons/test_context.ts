/** A context with everything that the add-ons' hooks read, for their tests. */
import type { Context, Phase } from "../../core/mod.ts";
import { type ConfigSchema, resolveConfig, runSchema } from "../../core/config/mod.ts";

/** What the hooks reported through the context. */
export interface Said {
  charts: Record<string, number>;
  warned: string[];
  logged: string[];
  shown: Record<string, unknown>;
}

/**
 * @param values options of the run and the plugin
 * @returns a context that any of the plugin's hooks accepts, whatever its option and state types
 */
export function testContext(
  plugin: { config: ConfigSchema; state?(): unknown },
  values: Record<string, unknown> = {},
  facts: { phase?: Partial<Phase>; model?: unknown } = {},
): {
  context: never;
  facts: { imagesSeen: number; phase: Phase; state: Context["state"] };
  said: Said;
} {
  const [run, config] = resolveConfig([runSchema, plugin.config], [{ from: "the test", values }]);
  const said: Said = { charts: {}, warned: [], logged: [], shown: {} };
  const context = {
    run,
    config,
    state: (plugin.state?.() ?? {}) as Context["state"], // plain data, by its declared type
    imagesSeen: 0,
    model: facts.model,
    // the only fields that hooks read
    phase: { index: 0, resolution: 4, kind: "stabilize", batchSize: 4, ...facts.phase } as Phase,
    chart: (name: string, value: number) => void (said.charts[name] = value),
    warn: (code: string) => void said.warned.push(code),
    show: (panel: string, data: unknown) => void (said.shown[panel] = data),
    log: (message: string) => void said.logged.push(message),
  };
  return { context: context as never, facts: context, said };
}
