import assert from "node:assert/strict";
import type { Graph } from "../../export/graph.ts";
import { onnxUsage, savedModelUsage } from "./usage.ts";

Deno.test("examples feed pictures within [-1, 1], and latents as they are drawn", () => {
  const N = { times: 1, of: ["N"] }, dtype = "float32" as const;
  const graph = {
    inputs: [
      { name: "partial", dtype, shape: [N, 8, 8, 1] },
      { name: "z", dtype, shape: [N, 16] },
    ],
    nodes: [],
    outputs: {},
  } as unknown as Graph; // of which no more is read
  const onnx = onnxUsage(graph, "a.onnx", 17), saved = savedModelUsage({ draw: graph });
  assert.match(onnx, /"partial": np\.random\.uniform\(-1, 1, \[1, 8, 8, 1\]\)\.astype/);
  assert.match(onnx, /"z": np\.random\.randn\(1, 16\)\.astype/);
  assert.match(saved, /partial=tf\.random\.uniform\(\[1, 8, 8, 1\], -1, 1\),/);
  assert.match(saved, /z=tf\.random\.normal\(\[1, 16\]\),/);
});
