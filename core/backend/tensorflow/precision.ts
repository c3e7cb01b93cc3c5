/** How a compiled function is run: which of TensorFlow's graph rewrites are on. */
import type { Precision } from "../types.ts";
import { META_OPTIMIZER_OFF } from "./context.ts";
import { ProtoWriter } from "./proto_writer.ts";

const GRAPH_OPTIONS = 10, REWRITE_OPTIONS = 10;
const REMAPPING = 14, MIN_GRAPH_NODES = 17, ONEDNN_BFLOAT16 = 31;
const ON = 1, OFF = 2;

/**
 * A serialized ConfigProto. In float32 no rewrite runs, so that a replay is bit for bit what op by op
 * computes. In bfloat16 TensorFlow's `auto_mixed_precision_onednn_bfloat16` runs; remapping is off,
 * because it fails on graphs of gradients; small graphs are rewritten like large ones.
 */
export function functionConfig(precision: Precision): Uint8Array<ArrayBuffer> {
  if (precision === "float32") return Uint8Array.from(META_OPTIMIZER_OFF);
  return new ProtoWriter().message(
    GRAPH_OPTIONS,
    (graph) =>
      graph.message(
        REWRITE_OPTIONS,
        (rewrite) =>
          rewrite.integer(REMAPPING, OFF).integer(MIN_GRAPH_NODES, -1).integer(ONEDNN_BFLOAT16, ON),
      ),
  ).bytes().slice();
}
