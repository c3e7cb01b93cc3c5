/**
 * How the answers of several plugins to one hook are combined. Kept as data, so that a hook without
 * a kind does not compile.
 */
import type { Hooks } from "./hooks.ts";

/**
 * first: the first plugin that has the hook answers.
 * sequential: all run in the order of `--plugin`.
 * concat: all answers in one list. merge: in one object.
 * chain: each gets the answer of the one before. any: true if one says so.
 * observe: like sequential, but an error mutes the hook and the run goes on.
 */
export type HookKind = "first" | "sequential" | "concat" | "merge" | "chain" | "any" | "observe";

/** The kind of each hook. */
export const HOOK_KINDS = {
  grow: "sequential",
  fade: "sequential",
  stabilize: "sequential",
  losses: "concat",
  inputs: "merge",
  transform: "chain",
  augment: "chain",
  gradients: "chain",
  optimizer: "first",
  learningRate: "chain",
  preview: "first",
  advance: "any",
  step: "observe",
  sampled: "observe",
  measured: "observe",
  checkpoint: "observe",
} as const satisfies Record<keyof Hooks, HookKind>;

/** The name of a hook. */
export type HookName = keyof typeof HOOK_KINDS;
