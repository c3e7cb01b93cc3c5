import type * as tf from "@tensorflow/tfjs";

/** An op that is made of others, for whoever writes a graph down in its own terms. */
export interface CompositeCall {
  /** e.g. "ResizeMatrix". */
  name: string;
  x: tf.Tensor4D;
  attributes: Readonly<Record<string, string | readonly number[]>>;
}

/** Told of a composite op: runs it and returns what it returned. */
export type CompositeWatcher = (call: CompositeCall, run: () => tf.Tensor4D) => tf.Tensor4D;

let watcher: CompositeWatcher | undefined;

/** Runs `fn` with composite ops told to `watch`. */
export function watchComposites<T>(watch: CompositeWatcher, fn: () => T): T {
  const outer = watcher;
  watcher = watch;
  try {
    return fn();
  } finally {
    watcher = outer;
  }
}

/** Computes a composite op, seen as one by the watcher that there is. */
export function composite(call: CompositeCall, run: () => tf.Tensor4D): tf.Tensor4D {
  return watcher ? watcher(call, run) : run();
}
