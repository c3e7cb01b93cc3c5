/** A function that is recorded once and then run by TensorFlow in a single call. */
import * as tf from "@tensorflow/tfjs";
import type { TensorMetadata } from "tfjs-node/tfjs_binding.d.ts";
import type { Seed } from "../../../random.ts";
import type {
  CompiledFunction,
  CompileOptions,
  NamedTensors,
  RecordingStats,
  TensorFunction,
} from "../../types.ts";
import { orLost } from "./or_lost.ts";
import { planDifference } from "./compare_traces.ts";
import { META_OPTIMIZER_OFF } from "../binding/context.ts";
import { describeTensor } from "../binding/dtypes.ts";
import { writeGraphDef } from "./graph_def.ts";
import { createGraphFunction, type GraphFunction } from "./graph_function.ts";
import { type GraphPlan, planGraph } from "./graph_plan.ts";
import { collectivesOf } from "./lower_joins.ts";
import { optimizePlan, type PlanOptions } from "./optimize_plan.ts";
import type { TensorFlowKernels } from "../kernels/kernel_backend.ts";
import { seedValues } from "../kernels/random.ts";
import { releaseCaptures, type Trace, trace } from "./trace.ts";

/** What all compiled functions of a backend share. */
export interface CompileContext extends PlanOptions {
  kernels: TensorFlowKernels;
  isStateful(op: string): boolean;
  /** Runs jobs one at a time, because compiled functions share variables. */
  inTurn<T>(job: () => Promise<T>): Promise<T>;
  /** Ends the wait for the other workers when one is lost; see `WorkerPlace`. */
  lost?: AbortSignal | undefined;
}

interface Prepared {
  trace: Trace;
  plan: GraphPlan;
  graphFunction: GraphFunction;
  stats: RecordingStats;
}

let functions = 0;

/** See `Backend.compile()`. */
export function compileFunction(
  context: CompileContext,
  name: string,
  fn: TensorFunction,
  { verify = true, shared = false, ownRows }: CompileOptions = {},
): CompiledFunction {
  const { kernels } = context;
  let prepared: Prepared | undefined, disposed = false, libraryMilliseconds = 0;
  let pending = 0; // runs that were requested and are not finished

  const run = async (inputs: NamedTensors, seed: Seed): Promise<NamedTensors> => {
    if (disposed) {
      throw new Error(`Cannot run "${name}": expected a function in use, received a disposed one`);
    }
    prepared ??= prepare(context, { name, fn, inputs, seed, verify, shared, ownRows });
    checkInputs(name, prepared.trace, inputs);
    const { trace: { variables, inputNames, assigned, outputs, recording }, plan } = prepared;
    const seedTensor = tf.tensor(seedValues(seed), [1, 2], "int32");
    const tensors = [...variables, ...inputNames.map((key) => inputs[key]!), seedTensor]; // checked
    let results: TensorMetadata[];
    try {
      const ids = plan.inputs.map(({ source }) =>
        source.kind === "capture"
          ? recording.captures[source.index]!.id // as planned
          : kernels.handleOf(expectAlive(name, tensors[source.index]!)) // as planned
      );
      const start = performance.now();
      results = await prepared.graphFunction.call(ids).finally(() => {
        libraryMilliseconds = performance.now() - start;
      });
    } finally {
      seedTensor.dispose();
    }
    const made = results.map((result) => kernels.adopt(result));
    assigned.forEach(({ variable }, i) => {
      variable.assign(made[i]!); // outputs begin with the assigned variables
      made[i]!.dispose();
    });
    return Object.fromEntries(outputs.map(({ name }, i) => [name, made[assigned.length + i]!]));
  };

  const release = (): void => {
    if (prepared) {
      prepared.graphFunction.dispose();
      releaseCaptures(kernels, prepared.trace.recording);
    }
    prepared = undefined;
    disposed = true;
  };

  return {
    name,
    run(inputs, seed) {
      pending++;
      const done = context.inTurn(() => run(inputs, seed)).finally(() => pending--);
      return orLost(done, shared ? context.lost : undefined);
    },
    get recording() {
      return prepared?.stats;
    },
    get libraryMilliseconds() {
      return libraryMilliseconds;
    },
    dispose() {
      // TensorFlow's thread may still be running it, so release it after those runs.
      if (pending > 0) void context.inTurn(() => Promise.resolve(release()));
      else release();
    },
  };
}

interface PrepareOptions {
  name: string;
  fn: TensorFunction;
  inputs: NamedTensors;
  seed: Seed;
  verify: boolean;
  shared: boolean;
  ownRows: string | undefined;
}

function prepare(context: CompileContext, options: PrepareOptions): Prepared {
  const start = performance.now();
  const { trace, plan } = record(context, options);
  try {
    const recorded = performance.now();
    const share = options.shared ? context.share : undefined;
    const rows = share ? inputsOf(trace, plan, options.ownRows) : [];
    const computed = optimizePlan(plan, { ...context, share }, options.inputs, new Set(rows));
    const graphDef = writeGraphDef(computed);
    const graphFunction = createGraphFunction(context.kernels.binding, {
      name: `${options.name.replaceAll(/[^A-Za-z0-9_]/g, "_")}_${functions++}`,
      graphDef,
      inputs: plan.inputs.map((input) => input.name),
      outputs: computed.outputs,
      config: Uint8Array.from(META_OPTIMIZER_OFF),
      explain: (message) => explain(plan, message),
    });
    const stats = {
      recordMilliseconds: recorded - start,
      buildMilliseconds: performance.now() - recorded,
      nodes: computed.nodes.length,
      graphBytes: graphDef.length,
      ...(share ? { collectives: collectivesOf(computed, share.workers) } : {}),
    };
    forgetValues(trace, plan);
    return { trace, plan, graphFunction, stats };
  } catch (error) {
    releaseCaptures(context.kernels, trace.recording);
    throw error;
  }
}

/** Names in the plan of the function's inputs whose own names begin with `prefix`. */
function inputsOf(
  { variables, inputNames }: Trace,
  { inputs }: GraphPlan,
  prefix: string | undefined,
): string[] {
  if (prefix === undefined) return [];
  return inputs.filter(({ source }) =>
    source.kind === "input" &&
    inputNames[source.index - variables.length]?.startsWith(prefix) // variables come first
  ).map(({ name }) => name);
}

/** Frees the recorded values: TensorFlow has the graph, so only names and types are needed now. */
function forgetValues({ recording }: Trace, plan: GraphPlan): void {
  recording.nodes = [];
  recording.constants = [];
  for (const constant of plan.constants) constant.bytes = new Uint8Array();
}

/**
 * Traces the function, twice if `verify` is set. A function that creates and keeps a helper tensor
 * in its first call (a filter, say) differs between the first two traces, so a third one decides.
 */
function record(
  { kernels, isStateful }: CompileContext,
  { name, fn, inputs, seed, verify }: PrepareOptions,
): { trace: Trace; plan: GraphPlan } {
  const stale = new Set<number>();
  const once = (salt: number) => {
    const traced = trace(kernels, { name, fn, inputs, seed: [seed[0] ^ salt, seed[1]], stale });
    for (const id of traced.varying) stale.add(id);
    const outputs = [...traced.assigned, ...traced.outputs].map(({ source }) => source);
    const plan = planGraph(traced.recording, traced.inputTypes, outputs, isStateful);
    return { trace: traced, plan };
  };
  let last = once(0);
  if (!verify) return last;
  for (const salt of [1, 2]) {
    const previous = last;
    try {
      last = once(salt);
    } finally {
      releaseCaptures(kernels, previous.trace.recording);
    }
    const difference = planDifference(previous.plan, last.plan);
    if (difference === undefined) break;
    if (salt === 1) continue;
    releaseCaptures(kernels, last.trace.recording);
    throw new Error(
      `Cannot compile "${name}": expected every call to do the same, but ${difference}. A ` +
        `value was ` +
        `drawn, counted or read in JavaScript (Math.random, tf.randomNormal, a step counter): ` +
        `draw with ` +
        `core/random.ts, and pass what changes as an input or keep it in a tf.Variable`,
    );
  }
  return last;
}

function checkInputs(
  name: string,
  { inputNames, inputTypes, variables }: Trace,
  inputs: NamedTensors,
) {
  const received = Object.keys(inputs).sort();
  const describe = (key: string) => `${key} ${inputs[key]!.dtype}[${inputs[key]!.shape}]`;
  const expected = inputNames.map((key, i) => {
    const { dtype, shape } = inputTypes[variables.length + i]!; // inputs follow the variables
    return `${key} ${describeTensor(dtype, shape)}`;
  });
  if (received.map(describe).join() === expected.join()) return;
  throw new TypeError(
    `Cannot run "${name}": expected inputs ${expected.join(", ") || "none"}, ` +
      `received ${
        received.map(describe).join(", ") || "none"
      }. Compile another function for other shapes`,
  );
}

function expectAlive(name: string, tensor: tf.Tensor): tf.Tensor {
  if (!tensor.isDisposed) return tensor;
  const what = tensor instanceof tf.Variable ? `variable "${tensor.name}"` : "an input";
  throw new Error(
    `Cannot run "${name}": expected tensors in use, received ${what} that was disposed`,
  );
}

/** Adds to TensorFlow's message which op the node is and the shapes of its inputs. */
function explain(plan: GraphPlan, message: string): string {
  const named = plan.nodes.find(({ name }) => new RegExp(`\\b${name}\\b`).test(message));
  if (!named) return message;
  const types = named.inputs.map((input) => endpointType(plan, input));
  return `${message} (${named.op} of ${types.join(", ")})`;
}

function endpointType(plan: GraphPlan, endpoint: string): string {
  const [name = "", output = "0"] = endpoint.split(":");
  const node = plan.nodes.find((candidate) => candidate.name === name);
  const type = node?.outputs[Number(output)] ??
    [...plan.inputs, ...plan.constants].find((candidate) => candidate.name === name);
  return type ? describeTensor(type.dtype, type.shape) : endpoint;
}
