/** Runs a function once, op by op, and records it without lasting side effects. */
import * as tf from "@tensorflow/tfjs";
import { type Seed, withStepRandom } from "../../../random.ts";
import { kindOf } from "../../../text.ts";
import type { NamedTensors, TensorFunction } from "../../types.ts";
import type { TensorFlowKernels } from "../kernels/kernel_backend.ts";
import { seedValues, tensorflowStepRandom } from "../kernels/random.ts";
import { Recorder, type Recording, type Source, type TensorType } from "./record.ts";

/** What a function reads and writes, and how. */
export interface Trace {
  recording: Recording;
  /** Types of the recording's inputs: variables, then named inputs, then the seed. */
  inputTypes: TensorType[];
  variables: tf.Variable[];
  inputNames: string[];
  assigned: { variable: tf.Variable; source: Source }[];
  outputs: { name: string; source: Source }[];
  /** Ids of the tensors that varied: a later trace must not find one of them alive. */
  varying: ReadonlySet<number>;
}

/** What to trace. */
export interface TraceOptions {
  name: string;
  fn: TensorFunction;
  inputs: NamedTensors;
  seed: Seed;
  /** `varying` of earlier traces. */
  stale: ReadonlySet<number>;
}

/**
 * Traces `fn`. Variables get their previous values back, and intermediate tensors are disposed.
 * @throws Error if `fn` reads values, creates or disposes variables, or returns something other
 * than tensors
 */
export function trace(kernels: TensorFlowKernels, options: TraceOptions): Trace {
  const { name, fn, inputs, seed, stale } = options;
  const { binding } = kernels;
  const before = new Set(Object.values(tf.engine().registeredVariables));
  const variables = [...before].filter((variable) => variable.dtype !== "string");
  const inputNames = Object.keys(inputs).sort();
  const saved = variables.map((variable) => variable.clone());

  const scope = tf.engine();
  scope.startScope(`trace ${name}`);
  try {
    // Two variables may share one tensor (a moving average at the start), so each gets its own
    // handle.
    const own = (tensor: tf.TensorInfo): tf.Tensor => {
      const id = binding.handles.alias(kernels.handleOf(tensor));
      const { shape, dtype } = tensor;
      return kernels.adopt({ id, shape, dtype: kernels.backend.getDTypeInteger(dtype) });
    };
    variables.forEach((variable) => variable.assign(own(variable)));
    const ownInputs = Object.fromEntries(inputNames.map((key) => [key, own(inputs[key]!)]));
    const seedTensor = tf.tensor(seedValues(seed), [1, 2], "int32");
    const tensors: tf.Tensor[] = [...variables, ...Object.values(ownInputs), seedTensor];
    const ids = tensors.map((tensor) => kernels.handleOf(tensor));
    const recorder = new Recorder(ids, (id) => {
      if (stale.has(id)) throw keptTensor(name);
      const type = { dtype: binding.handles.dtype(id), shape: binding.handles.shape(id) };
      return { id: binding.handles.alias(id), type };
    });

    binding.recorder = recorder;
    try {
      const random = tensorflowStepRandom(kernels, seedTensor);
      const results = withStepRandom(random, () => fn(ownInputs));
      checkVariables(name, before);
      return {
        recording: recorder.recording,
        inputTypes: ids.map((id) => ({
          dtype: binding.handles.dtype(id),
          shape: binding.handles.shape(id),
        })),
        variables,
        inputNames,
        assigned: variables.flatMap((variable, i) => {
          const id = kernels.handleOf(variable);
          return id === ids[i] ? [] : [{ variable, source: recorder.source(id) }];
        }),
        outputs: Object.entries(results).map(([key, tensor]) => {
          if (!(tensor instanceof tf.Tensor)) throw notATensor(name, key, tensor);
          return { name: key, source: recorder.source(kernels.handleOf(tensor)) };
        }),
        varying: recorder.varying(),
      };
    } catch (error) {
      releaseCaptures(kernels, recorder.recording);
      throw error;
    } finally {
      binding.recorder = undefined;
    }
  } finally {
    variables.forEach((variable, i) => {
      if (!variable.isDisposed) variable.assign(saved[i]!); // same length
      saved[i]!.dispose();
    });
    scope.endScope();
  }
}

/** Releases the tensors that a recording captured. */
export function releaseCaptures(kernels: TensorFlowKernels, recording: Recording): void {
  for (const { id } of recording.captures) kernels.binding.deleteTensor(id);
  recording.captures = [];
}

function checkVariables(name: string, before: ReadonlySet<tf.Variable>): void {
  const created = Object.values(tf.engine().registeredVariables).filter((v) => !before.has(v));
  const disposed = [...before].filter((variable) => variable.isDisposed);
  const texts = [
    ...created.map((variable) => `a new one, "${variable.name}"`),
    ...disposed.map((variable) => `"${variable.name}" disposed`),
  ];
  created.forEach((variable) => variable.dispose());
  if (texts.length === 0) return;
  throw new Error(
    `Cannot compile "${name}": expected a function that only reads and assigns variables, ` +
      `received ${
        texts.join(", ")
      }. Make all variables (an optimizer's moments too) before the first run`,
  );
}

function keptTensor(name: string): Error {
  return new Error(
    `Cannot compile "${name}": expected state between calls to be in tf.Variable, received a ` +
      `tensor ` +
      `that an earlier call computed and kept (tf.keep). Make it a variable and assign it`,
  );
}

function notATensor(name: string, key: string, value: unknown): TypeError {
  return new TypeError(
    `Cannot compile "${name}": expected a tensor as output "${key}", received ${kindOf(value)}`,
  );
}
