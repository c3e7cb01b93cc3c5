/** A GraphDef as a function that TensorFlow runs in a single call. */
import type { TensorMetadata } from "tfjs-node/tfjs_binding.d.ts";
import type { TensorFlowBinding } from "../binding/binding.ts";
import { createStatus, cString, notNull, type Status } from "../binding/status.ts";

/** A function in TensorFlow's eager context. */
export interface GraphFunction {
  /**
   * Runs the function off the event loop.
   * @param inputs ids of the tensors, in the order of the graph's inputs
   * @returns its outputs, which the caller owns
   */
  call(inputs: readonly number[]): Promise<TensorMetadata[]>;
  /** Must not be called while a call is running, because its thread uses what is freed. */
  dispose(): void;
}

/** Options of {@linkcode createGraphFunction}. */
export interface GraphFunctionOptions {
  name: string;
  graphDef: Uint8Array<ArrayBuffer>;
  inputs: readonly string[];
  /** "node:output". */
  outputs: readonly string[];
  /** A serialized ConfigProto with which the function is run. */
  config: Uint8Array<ArrayBuffer>;
  /** Adds to one of TensorFlow's messages what the node is that it names. */
  explain(message: string): string;
}

/** Adds a function to TensorFlow's context. */
export function createGraphFunction(
  binding: TensorFlowBinding,
  options: GraphFunctionOptions,
): GraphFunction {
  const { symbols, context } = binding.runtime;
  const { name, outputs, config, explain } = options;
  const status = createStatus(symbols);
  try {
    addFunction(binding, options, status);
  } catch (error) {
    status.delete();
    throw error;
  }

  return {
    async call(inputs) {
      const op = notNull(symbols.TFE_NewOp(context, cString(name), status.pointer), `call ${name}`);
      try {
        symbols.TFE_OpSetAttrString(op, cString("config_proto"), config, BigInt(config.length));
        for (const id of inputs) {
          symbols.TFE_OpAddInput(op, binding.handles.get(id), status.pointer);
          status.check(`give ${name} its inputs`);
        }
        const results = new BigUint64Array(Math.max(outputs.length, 1));
        const count = Int32Array.of(outputs.length);
        await symbols.executeOnThread(op, results, count, status.pointer);
        const message = status.error();
        if (message !== undefined) {
          throw new Error(`Cannot run "${name}": TensorFlow says: ${explain(message)}`);
        }
        return Array.from(results.subarray(0, outputs.length), (a) => binding.handles.addNew(a));
      } finally {
        symbols.TFE_DeleteOp(op);
      }
    },
    dispose() {
      symbols.TFE_ContextRemoveFunction(context, cString(name), status.pointer);
      status.check(`remove ${name}`);
      status.delete();
    },
  };
}

function addFunction(
  binding: TensorFlowBinding,
  { name, graphDef, inputs, outputs }: GraphFunctionOptions,
  status: Status,
): void {
  const { symbols, context } = binding.runtime;
  const graph = symbols.TF_NewGraph(), importing = symbols.TF_NewImportGraphDefOptions();
  const buffer = symbols.TF_NewBufferFromString(graphDef, BigInt(graphDef.length));
  try {
    symbols.TF_GraphImportGraphDef(graph, buffer, importing, status.pointer);
    status.check(`import the graph of "${name}"`);
    const made = symbols.TF_GraphToFunction(
      graph,
      cString(name),
      0,
      -1,
      null,
      inputs.length,
      endpoints(inputs.map((input) => `${input}:0`)),
      outputs.length,
      endpoints(outputs),
      null,
      null,
      null,
      status.pointer,
    );
    status.check(`make a function of "${name}"`);
    symbols.TFE_ContextAddFunction(context, made, status.pointer);
    symbols.TF_DeleteFunction(made);
    status.check(`add the function "${name}"`);
  } finally {
    symbols.TF_DeleteBuffer(buffer);
    symbols.TF_DeleteImportGraphDefOptions(importing);
    symbols.TF_DeleteGraph(graph);
  }

  /** `struct TF_Output { TF_Operation* oper; int index; }[]`. */
  function endpoints(names: readonly string[]): BigUint64Array<ArrayBuffer> {
    const table = new BigUint64Array(Math.max(names.length * 2, 1));
    names.forEach((endpoint, i) => {
      const [operation = "", output = "0"] = endpoint.split(":");
      const pointer = symbols.TF_GraphOperationByName(graph, cString(operation));
      table[2 * i] = BigInt(Deno.UnsafePointer.value(notNull(pointer, `find ${operation}`)));
      table[2 * i + 1] = BigInt(output);
    });
    return table;
  }
}
