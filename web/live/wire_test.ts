import assert from "node:assert/strict";
import { packResume, packSeries, unpackResume, unpackSeries } from "./wire.ts";

Deno.test("unpackSeries() gives back what packSeries() packed, NaN and names of any length", () => {
  for (const name of ["a", "loss/générateur", "term/r1"]) {
    const columns = {
      imagesSeen: Float64Array.of(1, 2 ** 40),
      time: Float64Array.of(1.5, 2.5),
      values: { [name]: Float32Array.of(NaN, 0.25) },
      cursor: "c:1",
    };
    assert.deepEqual(unpackSeries(packSeries(columns).buffer), columns);
  }
});

Deno.test("unpackResume() reads packResume() and refuses everything else", () => {
  const point = { cursor: "1:2:3", log: 4, sessions: 2 };
  assert.deepEqual(unpackResume(packResume(point)), point);
  for (const text of [undefined, "", "x", "%", "null", "{}", packResume({ ...point, log: NaN })]) {
    assert.equal(unpackResume(text), undefined, String(text));
  }
});
