import type * as tf from "@tensorflow/tfjs";

/** An op that is composed of other ops; exporters can replace it by an op of their own. */
export interface CompositeCall {
  /** For example "ResizeMatrix". */
  name: string;
  x: tf.Tensor4D;
  attributes: Readonly<Record<string, string | readonly number[]>>;
}

/** Intercepts a composite op: runs it and returns its result. */
export type CompositeWatcher = (call: CompositeCall, run: () => tf.Tensor4D) => tf.Tensor4D;

let watcher: CompositeWatcher | undefined;

/** Runs `fn` while `watch` intercepts composite ops. */
export function watchComposites<T>(watch: CompositeWatcher, fn: () => T): T {
  const outer = watcher;
  watcher = watch;
  try {
    return fn();
  } finally {
    watcher = outer;
  }
}

/** Computes a composite op, through the watcher if there is one. */
export function composite(call: CompositeCall, run: () => tf.Tensor4D): tf.Tensor4D {
  return watcher ? watcher(call, run) : run();
}
