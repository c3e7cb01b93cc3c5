import assert from "node:assert/strict";
import { decodeSafetensors } from "../../checkpoint/safetensors.ts";
import type { Graph } from "../graph.ts";
import { type EnlargerFacts, GENERATOR_FILE, type GeneratorText, WEIGHTS_FILE } from "./format.ts";
import { packGenerator } from "./pack.ts";

const FACTS: EnlargerFacts = {
  ...{ kind: "enlarge", name: "tiny", imagesSeen: 16, resolution: 16, channels: 1 },
  ...{ scale: 2, reach: 3, side: 64 },
};

/** A function that returns its only weight. */
function graphOf(values: Float32Array): Graph {
  const constants = [{ name: "w", dtype: "float32", shape: [values.length], values }] as const;
  return { inputs: [], constants, nodes: [], outputs: { y: "w" } };
}

Deno.test("weights that functions share are stored once, however large; others apart", () => {
  for (const count of [10, 100_000]) {
    const shared = new Float32Array(count).fill(0.5), own = new Float32Array(count).fill(0.25);
    const files = packGenerator(FACTS, {
      one: graphOf(shared),
      same: graphOf(shared.slice()),
      other: graphOf(own),
    });
    const { tensors } = decodeSafetensors(files[WEIGHTS_FILE]!);
    assert.deepEqual(Object.keys(tensors).sort(), ["one/w", "other/w"]);
    const text = new TextDecoder().decode(files[GENERATOR_FILE]!);
    const { functions } = JSON.parse(text) as GeneratorText;
    assert.deepEqual(functions.same!.outputs, { y: "one/w" });
    assert.deepEqual(functions.other!.outputs, { y: "other/w" });
  }
});
