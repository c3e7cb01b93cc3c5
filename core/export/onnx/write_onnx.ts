/** Writes a graph as an ONNX file. */
import { ExportError } from "../export_error.ts";
import { type Graph, typesOf } from "../graph.ts";
import { OnnxEmitter } from "./onnx_emitter.ts";
import { encodeOnnx } from "./onnx_model.ts";
import { ONNX_OPS } from "./onnx_ops.ts";

/** Descriptive fields of the file. */
export interface OnnxFacts {
  /** Name of the graph. */
  name: string;
  description: string;
  metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes a graph in operators of opset 17. Inputs and outputs keep their names, layouts and dynamic
 * sizes.
 * @throws ExportError if ONNX has no equivalent of an op
 */
export function writeOnnx(graph: Graph, facts: OnnxFacts): Uint8Array<ArrayBuffer> {
  const onnx = new OnnxEmitter(graph), types = typesOf(graph);
  for (const node of graph.nodes) {
    const translate = ONNX_OPS[node.op];
    if (!translate) throw new ExportError(`Cannot export ${node.op} to ONNX`);
    translate(onnx, node);
  }
  const outputs = Object.entries(graph.outputs).map(([name, value]) => {
    onnx.nodes.push({ op: "Identity", inputs: [onnx.get(value)], outputs: [name] });
    return { ...types.get(value)!, name }; // a value of the graph
  });
  return encodeOnnx({
    ...facts,
    metadata: facts.metadata ?? {},
    nodes: onnx.nodes,
    tensors: onnx.tensors,
    inputs: graph.inputs,
    outputs,
  });
}
