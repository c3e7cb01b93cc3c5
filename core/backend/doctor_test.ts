import assert from "node:assert/strict";
import { diagnose } from "./mod.ts";

Deno.test("diagnose() names a backend, its places, and measures what it computes", async () => {
  const steps: string[] = [];
  const found = await diagnose({}, (message) => void steps.push(message));
  const { backend, places, precisions, problem } = found;
  assert.match(steps[0] ?? "", /^Measuring float32 in 3×3 convolutions on tensorflow/);
  assert.equal(problem, undefined);
  assert.equal(backend?.name, "tensorflow");
  assert.equal(places.filter((place) => place.taken).length, 1);
  const [float32, bfloat16] = precisions;
  assert.ok(float32!.relativeError! < 1e-5 && float32!.gigaflops! > 0);
  // bfloat16 keeps 8 bits of the mantissa; a processor without it says so.
  assert.ok(
    bfloat16!.problem ?? (bfloat16!.relativeError! > 1e-5 && bfloat16!.relativeError! < 0.05),
  );
});

Deno.test("diagnose() of a folder without libraries says what is missing", async () => {
  const { problem, places, precisions } = await diagnose({
    name: "tensorflow",
    tensorflow: "/nowhere",
  });
  assert.match(problem ?? "", /\/nowhere/);
  assert.deepEqual([places[0]!.taken, precisions], [false, []]);
});
