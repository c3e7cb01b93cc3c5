/** Runs a function once and records the kernels that depend on its inputs. */
import * as tf from "@tensorflow/tfjs";
import { type CompositeCall, watchComposites } from "../ops/composite.ts";
import { type StepRandom, withStepRandom } from "../random.ts";
import { ExportError } from "./export_error.ts";

/** Where an input of a kernel comes from. */
export type RecordedSource =
  | { kind: "input"; name: string }
  | { kind: "constant"; index: number }
  | { kind: "node"; index: number; output: number };

/** A kernel that ran. */
export interface RecordedKernel {
  kernel: string;
  inputs: { key: string; source: RecordedSource; shape: readonly number[] }[];
  attributes: Readonly<Record<string, unknown>>;
  outputs: { shape: readonly number[]; dtype: string }[];
}

/** A tensor that depends on no input: a weight, or something computed from weights alone. */
export interface RecordedConstant {
  shape: readonly number[];
  dtype: string;
  values: Float32Array | Int32Array;
}

/** Everything that a run did with its inputs. */
export interface KernelRecording {
  inputs: { name: string; shape: readonly number[]; dtype: string }[];
  constants: RecordedConstant[];
  kernels: RecordedKernel[];
  outputs: Record<string, RecordedSource>;
}

/** What draws of noise maps return while a function is recorded. */
export type RecordedNoise =
  /** Maps are inputs, noise0, noise1, …, in the order in which they are drawn. */
  | "input"
  /** No noise: maps of zeros. */
  | "none"
  /** The same maps for every image. */
  | StepRandom;

/** What to record. */
export interface RecordOnceOptions {
  inputs: Readonly<Record<string, tf.Tensor>>;
  fn: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>;
  noise: RecordedNoise;
}

/**
 * Records on tfjs's active backend. What is computed from weights alone becomes a constant, with
 * the values that the function reads now.
 * @throws ExportError if the function draws something other than noise maps
 */
export async function recordOnce(options: RecordOnceOptions): Promise<KernelRecording> {
  const recorder = new KernelRecorder(options.inputs);
  try {
    recorder.run(options);
    return await recorder.finish();
  } finally {
    recorder.dispose();
  }
}

class KernelRecorder {
  readonly recording: Omit<KernelRecording, "constants"> = { inputs: [], kernels: [], outputs: {} };
  #sources = new Map<number, RecordedSource>();
  #constants: tf.Tensor[] = [];
  #constantSources = new Map<number, RecordedSource>();
  /** Nesting depth of kernels: kernels that are called inside another one are part of it. */
  #depth = 0;

  constructor(inputs: Readonly<Record<string, tf.Tensor>>) {
    for (const [name, tensor] of Object.entries(inputs)) this.#addInput(name, tensor);
  }

  run({ inputs, fn, noise }: RecordOnceOptions): void {
    const engine = tf.engine(), original = engine.runKernel;
    engine.runKernel = <T extends tf.Tensor | tf.Tensor[]>(
      kernel: string,
      given: tf.NamedTensorMap,
      attributes?: tf.NamedAttrMap,
    ): T => {
      this.#depth++;
      let result: T;
      try {
        result = original.call(engine, kernel, given, attributes) as T; // as the engine promises
      } finally {
        this.#depth--;
      }
      if (this.#depth === 0) this.#add(kernel, Object.entries(given), attributes ?? {}, result);
      return result;
    };
    try {
      tf.tidy(() => {
        const run = () => fn({ ...inputs });
        const watch = (call: CompositeCall, inner: () => tf.Tensor4D) => this.#whole(call, inner);
        const outputs = watchComposites(watch, () => withStepRandom(this.#random(noise), run));
        for (const [name, tensor] of Object.entries(outputs)) {
          this.recording.outputs[name] = this.#sourceOf(tensor);
        }
      });
    } finally {
      engine.runKernel = original;
    }
  }

  async finish(): Promise<KernelRecording> {
    const constants = await Promise.all(this.#constants.map(async (tensor) => ({
      shape: tensor.shape,
      dtype: tensor.dtype,
      values: (await tensor.data()).slice() as Float32Array | Int32Array, // others are refused
    })));
    return { ...this.recording, constants };
  }

  dispose(): void {
    tf.dispose(this.#constants);
  }

  #addInput(name: string, tensor: tf.Tensor): void {
    const { id, shape, dtype } = tensor;
    this.#sources.set(id, { kind: "input", name });
    this.recording.inputs.push({ name, shape, dtype });
  }

  #add(
    kernel: string,
    inputs: readonly [string, tf.Tensor][],
    attributes: Readonly<Record<string, unknown>>,
    result: tf.Tensor | tf.Tensor[],
  ): void {
    // An absent input, such as a bias, is undefined.
    const given = inputs.filter(([, tensor]) => tensor instanceof tf.Tensor);
    if (!given.some(([, tensor]) => this.#sources.get(tensor.id))) return;
    const outputs = Array.isArray(result) ? result : [result];
    if (kernel === "Identity") {
      this.#sources.set(outputs[0]!.id, this.#sourceOf(given[0]![1])); // one in, one out
      return;
    }
    const index = this.recording.kernels.length;
    this.recording.kernels.push({
      kernel,
      inputs: given.map(([key, tensor]) => ({
        key,
        source: this.#sourceOf(tensor),
        shape: tensor.shape,
      })),
      attributes: { ...attributes },
      outputs: outputs.map(({ shape, dtype }) => ({ shape, dtype })),
    });
    outputs.forEach(({ id }, output) => this.#sources.set(id, { kind: "node", index, output }));
  }

  /** Records a composite op as one kernel. */
  #whole({ name, x, attributes }: CompositeCall, run: () => tf.Tensor4D): tf.Tensor4D {
    this.#depth++;
    let result: tf.Tensor4D;
    try {
      result = run();
    } finally {
      this.#depth--;
    }
    if (this.#depth === 0) this.#add(name, [["x", x]], attributes, result);
    return result;
  }

  #sourceOf(tensor: tf.Tensor): RecordedSource {
    let source = this.#sources.get(tensor.id) ?? this.#constantSources.get(tensor.id);
    if (!source) {
      source = { kind: "constant", index: this.#constants.length };
      this.#depth++; // this copy is not a kernel of the function
      this.#constants.push(tf.keep(tf.clone(tensor)));
      this.#depth--;
      this.#constantSources.set(tensor.id, source);
    }
    return source;
  }

  #random(noise: RecordedNoise): StepRandom {
    return {
      normal: (shape, draw) => {
        const [, height, width, channels] = shape;
        if (shape.length !== 4 || channels !== 1) {
          throw new ExportError(
            `Cannot export: expected draws of noise maps [N, H, W, 1] alone, received one of ` +
              `[${shape}]. Give the function what it draws as an input`,
          );
        }
        const one = [1, height!, width!, 1];
        if (noise === "none") return tf.zeros(one);
        if (noise !== "input") return noise.normal(one, draw);
        const map = tf.zeros(shape);
        this.#addInput(`noise${draw}`, map);
        return map;
      },
      uniform() {
        throw new ExportError("Cannot export: expected normal draws, received a uniform one");
      },
    };
  }
}
