import assert from "node:assert/strict";
import { tableOf } from "./command.ts";

const TABLE = {
  resolution: 64,
  pairs: 256,
  touchRate: { real: 0.75, drawn: 0.5 },
  blank: 0.125,
  inkRatio: 1.5,
  diversity: 0.25,
  realDiversity: 0.375,
};

Deno.test("the figures of drawn parts stand beside those of real ones", () => {
  const lines = tableOf({ ...TABLE, classifier: { real: 0.875, drawn: 0.0625 } });
  assert.deepEqual(lines.map((line) => line.split(/ {2,}/)), [
    ["256 pairs at 64 px", "drawn", "real"],
    ["parts that touch the sketch", "0.5000", "0.7500"],
    ["parts without ink", "0.1250", "0.0000"],
    ["mean ink, of real parts'", "1.5000", "1.0000"],
    ["mean distance of two parts", "0.2500", "0.3750"],
    ["parts classified correctly", "0.0625", "0.8750"],
  ]);
  assert.equal(tableOf(TABLE).length, 5);
  const sketches = {
    count: 99,
    frechet: { drawn: 0.5, real: 0.25 },
    precision: { drawn: 0.75, real: 0.875 },
    coverage: { drawn: 0.625, real: 1 },
    parts: { drawn: 4.5, real: 4.25 },
    digest: "0123456789abcdef",
    threads: 2,
  };
  assert.deepEqual(tableOf({ ...TABLE, sketches }).slice(6).map((line) => line.split(/ {2,}/)), [
    ["99 sketches from nothing", "drawn", "real"],
    ["Fréchet distance", "0.5000", "0.2500"],
    ["precision", "0.7500", "0.8750"],
    ["coverage", "0.6250", "1.0000"],
    ["parts a sketch", "4.5000", "4.2500"],
    ["by features of part classifier 0123456789ab, reproducible with --threads 2"],
  ]);
});
