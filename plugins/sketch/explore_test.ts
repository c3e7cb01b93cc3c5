import assert from "node:assert/strict";
import { tf } from "../../core/mod.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import { rasterOf, sketchExplore as explore } from "./explore.ts";
import { openedTestRun, testTraining } from "./test_run.ts";

const backend = await selectBackend({ name: "cpu" });
const run = openedTestRun(testTraining(backend)); // at 4 px
const strokes = [[[0.1, 0.1], [0.9, 0.1]], [[0.1, 0.5]]] as const;

Deno.test(
  "explore draws one candidate a seed; a seed's is the same whatever is drawn beside " +
    "it",
  async () => {
    assert.deepEqual(explore.controls(run).part.options, ["top", "left"]);
    const before = tf.memory().numTensors;
    const three = await explore.draw(run, { strokes, part: "left", seeds: [5, 6, 5] });
    const one = await explore.draw(run, { strokes, part: "left", seeds: [6] });
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(three.shape, [3, 4, 4, 1]);
    assert.deepEqual(three.data.subarray(16, 32), one.data);
    assert.deepEqual(three.data.subarray(0, 16), three.data.subarray(32));
    assert.notDeepEqual(three.data.subarray(0, 16), one.data);
    const chosen = await explore.draw(run, { strokes, part: null, seeds: [1] });
    assert.ok(chosen.data.every((value) => value >= -1 && value <= 1));
  },
);

Deno.test("a candidate keeps every line of the sketch, dark on light", async () => {
  const partial = rasterOf(strokes, 4);
  const { data } = await explore.draw(run, { strokes, part: "top", seeds: [1] });
  data.forEach((value, i) => assert.ok(-value >= partial[i]! - 1e-6));
});

Deno.test("strokes become ink where they were drawn, the pad's side being the raster's", () => {
  const side = 8;
  const raster = rasterOf([[[0.05, 0.5625], [0.95, 0.5625]]], side); // the middle of row 4
  for (let y = 0; y < side; y++) {
    for (let x = 1; x < side - 1; x++) {
      const ink = raster[y * side + x]!;
      assert.ok(y === 4 ? ink > 0.9 : ink < -0.9, `${ink} at ${x}, ${y}`);
    }
  }
});

Deno.test("explore refuses a blank sketch and a part that the run doesn't have", async () => {
  await assert.rejects(explore.draw(run, { strokes: [[]], part: null, seeds: [1] }), /blank/);
  await assert.rejects(explore.draw(run, { strokes, part: "eye", seeds: [1] }), /one of top, left/);
});

Deno.test("explore gives each picture as strokes, too: the person's as they were, then the part", async () => {
  const seeds = [1, 2], { svgs } = await explore.draw(run, { strokes, part: "left", seeds });
  assert.equal(svgs?.length, 2);
  for (const svg of svgs!) {
    const sketch = /<g id="sketch"[\s\S]*?<\/g>/.exec(svg)?.[0] ?? "";
    assert.equal(sketch.match(/<path /g)?.length, strokes.length);
    assert.ok(sketch.includes('d="M25.6,25.6L230.4,25.6"'), sketch); // 0.1 and 0.9 of 256
    assert.match(svg, /<g id="part-1"[^>]*>\n\s+<title>left<\/title>/);
  }
});
