/** Exports networks: they are recorded once and written in the formats of other programs. */
export { ExportError } from "./export_error.ts";
export type { Graph, GraphText } from "./graph.ts";
export * from "./latent_functions.ts";
export { type FunctionSpec, recordGraph } from "./record_graph.ts";
export type { RecordedNoise } from "./record_once.ts";
export { OPSET } from "./onnx/onnx_model.ts";
export { writeOnnx } from "./onnx/write_onnx.ts";
export { writeSavedModel } from "./saved_model/write_saved_model.ts";
