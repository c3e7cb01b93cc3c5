/** Plugin drivers for tests. */
import * as tf from "@tensorflow/tfjs";
import { object } from "../config/mod.ts";
import { createDriver, definePlugin, type Hooks, type Plugin, type PluginDriver } from "./mod.ts";
import type { Context } from "./hooks.ts";

/** A context with only what the driver itself reads. */
export function contextOf(warned: string[] = []): Context {
  const context: Pick<Context, "phase" | "imagesSeen" | "warn"> = {
    phase: {
      index: 0,
      resolution: 16,
      kind: "fade",
      start: 0,
      end: 1,
      batchSize: 1,
      learningRate: 1,
    },
    imagesSeen: 320,
    warn: (code, message) => void warned.push(`${code}: ${message}`),
  };
  return context as Context; // tests' hooks read no more
}

/** A driver of add-ons with these hooks, by name. */
export function driverOf(hooks: Record<string, Hooks>, warned: string[] = []): PluginDriver {
  return createDriver(
    Object.entries(hooks).map(([name, hooks]) => ({
      plugin: definePlugin({
        name,
        description: "",
        kind: "add-on",
        config: object({}),
        hooks,
      }) as Plugin,
      context: contextOf(warned),
    })),
  );
}

/** A loss term that is 0. */
export const term = (name: string) => ({
  name,
  of: "generator" as const,
  value: (): tf.Scalar => tf.scalar(0),
});
