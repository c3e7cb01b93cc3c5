/**
 * A `CompiledFunction` for backends that cannot record: it runs op by op and keeps the same
 * promises.
 */
import * as tf from "@tensorflow/tfjs";
import { hostStepRandom, withStepRandom } from "../random.ts";
import { kindOf } from "../text.ts";
import type { CompiledFunction, NamedTensors, TensorFunction } from "./types.ts";

/**
 * See `Backend.compile()`. If a call throws, all variables keep their previous values, as they do
 * with a recorded function.
 */
export function eagerFunction(name: string, fn: TensorFunction): CompiledFunction {
  let disposed = false;
  return {
    name,
    async run(inputs, seed) {
      if (disposed) {
        throw new Error(
          `Cannot run "${name}": expected a function in use, received a disposed one`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve)); // let timers and progress have a turn
      return rollBackOnError(() =>
        tf.tidy(() => {
          const outputs = withStepRandom(hostStepRandom(seed), () => fn(inputs));
          return Object.fromEntries(
            // An output may be an input or a variable, but the caller must own what it receives.
            Object.entries(outputs).map(([key, tensor]) => [key, owned(name, key, tensor)]),
          );
        })
      );
    },
    recording: undefined,
    libraryMilliseconds: 0,
    dispose: () => {
      disposed = true;
    },
  };
}

function owned(name: string, key: string, tensor: unknown): tf.Tensor {
  if (tensor instanceof tf.Tensor) return tensor.clone();
  throw new TypeError(
    `Cannot run "${name}": expected a tensor as output "${key}", received ${kindOf(tensor)}`,
  );
}

/** Restores the previous values of all variables if `fn` throws. */
function rollBackOnError(fn: () => NamedTensors): NamedTensors {
  const variables = Object.values(tf.engine().registeredVariables);
  const saved = variables.map((variable) => variable.clone());
  try {
    return fn();
  } catch (error) {
    variables.forEach((variable, i) => {
      if (!variable.isDisposed) variable.assign(saved[i]!); // same length
    });
    throw error;
  } finally {
    tf.dispose(saved);
  }
}
