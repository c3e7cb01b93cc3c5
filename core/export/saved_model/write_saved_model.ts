/**
 * Writes graphs as TensorFlow's SavedModel (tensorflow/core/protobuf/saved_model.proto): one
 * signature per graph, with all weights frozen into one GraphDef.
 */
import { writeGraphDef } from "../../backend/tensorflow/graph/graph_def.ts";
import { ProtoWriter } from "../../proto_writer.ts";
import { ExportError } from "../export_error.ts";
import { type Graph, type GraphType, typesOf } from "../graph.ts";
import { TENSORFLOW_DTYPES, TensorflowEmitter } from "./tensorflow_emitter.ts";
import { TENSORFLOW_OPS } from "./tensorflow_ops.ts";

const MODEL_VERSION = 1, MODEL_GRAPHS = 2, META_INFO = 1, META_GRAPH = 2, META_SIGNATURE = 5;
const INFO_TAGS = 4, INFO_TENSORFLOW = 5, ENTRY_KEY = 1, ENTRY_VALUE = 2;
const SIGNATURE_INPUTS = 1, SIGNATURE_OUTPUTS = 2, SIGNATURE_METHOD = 3;
const TENSOR_NAME = 1, TENSOR_DTYPE = 2, TENSOR_SHAPE = 3, SHAPE_DIM = 2, DIM_SIZE = 1;

/** The only version of SavedModel so far. */
const SCHEMA_VERSION = 1;
/** The signature that programs use by default. */
const DEFAULT_SIGNATURE = "serving_default";

/** A tensor of a signature. */
interface Endpoint extends GraphType {
  /** Its name in the signature. */
  called: string;
  /** "node:output". */
  name: string;
}

/**
 * The bytes of saved_model.pb.
 * @param graphs by the names of their signatures; the first one is also the default signature
 * @throws RangeError if it exceeds the limit of protocol buffers, 2 GiB
 */
export function writeSavedModel(graphs: Readonly<Record<string, Graph>>): Uint8Array<ArrayBuffer> {
  const emitter = new TensorflowEmitter();
  const signatures = Object.entries(graphs).map(([name, graph]) => {
    emitter.begin(name, graph);
    for (const node of graph.nodes) {
      const translate = TENSORFLOW_OPS[node.op];
      if (!translate) throw new ExportError(`Cannot export ${node.op} to TensorFlow`);
      translate(emitter, node);
    }
    const types = typesOf(graph);
    const endpoint = (called: string, value: string): Endpoint => ({
      ...types.get(value)!, // a value of the graph
      called,
      name: emitter.get(value),
    });
    return {
      name,
      inputs: graph.inputs.map((input) => endpoint(input.name, input.name)),
      outputs: Object.entries(graph.outputs).map(([called, value]) => endpoint(called, value)),
    };
  });
  const graphDef = writeGraphDef(emitter.plan);
  if (graphDef.length >= 2 ** 31 - 2 ** 20) {
    throw new RangeError(
      `Cannot write a SavedModel: expected weights below 2 GiB, received ${graphDef.length} bytes`,
    );
  }
  const model = new ProtoWriter();
  model.integer(MODEL_VERSION, SCHEMA_VERSION).message(MODEL_GRAPHS, (meta) => {
    meta.message(META_INFO, (info) => info.data(INFO_TAGS, "serve").data(INFO_TENSORFLOW, "2.0.0"))
      .data(META_GRAPH, graphDef);
    const first = signatures[0];
    for (
      const signature of [...(first ? [{ ...first, name: DEFAULT_SIGNATURE }] : []), ...signatures]
    ) {
      meta.message(META_SIGNATURE, (entry) => writeSignature(entry, signature));
    }
  });
  return model.bytes();
}

function writeSignature(
  entry: ProtoWriter,
  { name, inputs, outputs }: { name: string; inputs: Endpoint[]; outputs: Endpoint[] },
): void {
  entry.data(ENTRY_KEY, name).message(ENTRY_VALUE, (signature) => {
    for (
      const [field, endpoints] of [[SIGNATURE_INPUTS, inputs], [
        SIGNATURE_OUTPUTS,
        outputs,
      ]] as const
    ) {
      for (const { called, name, dtype, shape } of endpoints) {
        signature.message(
          field,
          (item) =>
            item.data(ENTRY_KEY, called).message(
              ENTRY_VALUE,
              (info) =>
                info.data(TENSOR_NAME, name).integer(TENSOR_DTYPE, TENSORFLOW_DTYPES[dtype])
                  .message(TENSOR_SHAPE, (sides) => {
                    for (const size of shape) {
                      const side = typeof size === "number" ? size : -1; // known when it runs
                      sides.message(SHAPE_DIM, (dim) => dim.integer(DIM_SIZE, side));
                    }
                  }),
            ),
        );
      }
    }
    signature.data(SIGNATURE_METHOD, "tensorflow/serving/predict");
  });
}
