import assert from "node:assert/strict";
import { countSkipped } from "../data.ts";
import { DrawingError, SkipLog } from "./drawing.ts";
import { flattenPath } from "./flatten_path.ts";
import { parseDoodler } from "./parse_doodler.ts";
import { drawingsOfText } from "./test_drawings.ts";

const line = (drawing: unknown, more = {}) => JSON.stringify({ key_id: "1", drawing, ...more });

Deno.test("simplified drawings: one part a stroke, fitted to the middle of the square", () => {
  const text = line([[[0, 200], [0, 0]], [[0, 0, 200], [0, 100, 100]]], { word: "cat" });
  const [drawing] = drawingsOfText(text, "cat.ndjson", new SkipLog());
  assert.deepEqual(drawing!.parts.map(({ label }) => label), ["cat", "cat"]);
  // 200 wide, 100 high: a margin of 0.1 left and right, and vertically centred.
  const [first] = drawing!.parts[0]!.lines;
  assert.deepEqual([...first!].map((v) => Number(v.toFixed(4))), [0.1, 0.3, 0.9, 0.3]);
  assert.equal(drawing!.ordered, true);
});

Deno.test(
  "a third row that rises is times; one that stays is labels, and its strokes join by " +
    "label",
  () => {
    const raw = drawingsOfText(
      line([[[0, 9], [0, 9], [0, 30]], [[9, 0], [0, 9], [80, 99]]]),
      "a.ndjson",
      new SkipLog(),
    );
    assert.deepEqual(raw[0]!.parts.map(({ label }) => label), ["a", "a"]);
    const labelled = line([
      [[0, 9], [0, 9], [3, 3]],
      [[1, 2], [1, 1], [5, 5]],
      [[7, 8, 9], [1, 1, 1], [5, 5, 3]],
    ]);
    const [drawing] = drawingsOfText(labelled, "pig_train.ndjson", new SkipLog());
    assert.deepEqual(drawing!.parts.map(({ label }) => label), ["pig/3", "pig/5"]);
    assert.deepEqual(drawing!.parts.map(({ lines }) => lines.length), [2, 2]);
    assert.equal(drawing!.parts[0]!.lines[1]!.length, 4, "the change of label joins both points");
  },
);

Deno.test("lines that are no drawing are left out and counted with their reasons", () => {
  const skips = new SkipLog(), good = line([[[0, 9], [0, 9]], [[1, 2], [3, 4]]]);
  const bad = [
    "{",
    "null",
    line([]),
    line([[[1, 2], [3]]]),
    line([[[1, "x"], [3, 4]]]),
    line([[[4, 4], [4, 4]]]),
  ];
  const dot = line([[[5], [5]], [[0, 9], [0, 9]]]);
  const drawings = drawingsOfText([good, ...bad, "", dot].join("\n"), "f.ndjson", skips);
  assert.deepEqual(drawings.map(({ path }) => path), ["f.ndjson:1", "f.ndjson:9"]);
  const reasons = Object.fromEntries(skips.list().map(({ path, reason }) => [path, reason]));
  assert.match(reasons["f.ndjson:2"]!, /not JSON/);
  assert.match(reasons["f.ndjson:3"]!, /without "drawing"/);
  assert.match(reasons["f.ndjson:4"]!, /empty drawing/);
  assert.match(reasons["f.ndjson:5"]!, /a stroke that is not/);
  assert.match(reasons["f.ndjson:6"]!, /a stroke that is not/);
  assert.match(reasons["f.ndjson:7"]!, /without extent/);
  assert.match(reasons["f.ndjson:9"]!, /fewer than two points/);
});

Deno.test("an unknown label leaves its drawing out", () => {
  const skips = new SkipLog();
  const lines = [line([[[0, 9], [0, 9], [1, 1]]]), line([[[0, 9], [0, 9], [-4, -4]]])];
  assert.equal(drawingsOfText(lines.join("\n"), "f.ndjson", skips).length, 1);
  assert.match(skips.list()[0]!.reason, /unknown label/);
});

Deno.test(
  "in a file with labels, a stroke without any leaves its drawing out, and one without " +
    "points is told",
  () => {
    const skips = new SkipLog(), labelled = [[0, 9], [0, 9], [1, 1]];
    const lines = [
      line([labelled]),
      line([labelled, [[0, 9], [9, 0]]]),
      line([labelled, [[], [], []]]),
    ];
    const drawings = drawingsOfText(lines.join("\n"), "f.ndjson", skips);
    assert.deepEqual(drawings.map(({ path }) => path), ["f.ndjson:1", "f.ndjson:3"]);
    assert.deepEqual(skips.list(), [
      { path: "f.ndjson:2", reason: "a stroke without labels in a file that has them" },
      { path: "f.ndjson:3", reason: "a stroke of fewer than two points" },
    ]);
  },
);

Deno.test("a skip log keeps the first paths of a reason and counts the rest", () => {
  const skips = new SkipLog();
  for (let i = 0; i < 50; i++) skips.add(`f:${i}`, "bad");
  assert.equal(skips.list().length, 21);
  assert.deepEqual(skips.list().at(-1), {
    path: "30 more, the last f:49",
    reason: "bad",
    count: 30,
  });
  assert.equal(countSkipped(skips.list()), 50);
});

Deno.test("DoodlerGAN's files are one pair each, the part named by the folder", () => {
  const path = "bird_short_beak_json_64_train/AB12_3.json";
  const inputs = { initial: [[[0, 0], [512, 512]]], eye: [], body: [[[1, 1], [2, 2]]] };
  const drawing = parseDoodler(
    JSON.stringify({ input_parts: inputs, target_part: [[[10, 10], [20, 20]]] }),
    path,
  );
  assert.deepEqual(drawing.parts.map(({ label }) => label), ["initial", "body", "beak"]);
  assert.deepEqual([drawing.onlyLast, drawing.group], [true, "AB12"]);
  const [x0, , x1] = drawing.parts[0]!.lines[0]!; // 24 of padding on each side of 512
  assert.ok(Math.abs(x0! - 24 / 560) < 1e-6 && Math.abs(x1! - 536 / 560) < 1e-6);
  for (
    const bad of [
      "[",
      "{}",
      '{"input_parts":{"a":[[[1]]]},"target_part":[]}',
      '{"input_parts":{},"target_part":[]}',
    ]
  ) {
    assert.throws(() => parseDoodler(bad, path), DrawingError, bad);
  }
});

Deno.test("strokes of one point in a DoodlerGAN file are left out and told one by one", () => {
  const inputs = { body: [[[0, 0], [9, 9]], [[4, 4]]], eye: [[[1, 1]], [[2, 2]], [[3, 3]]] };
  const text = JSON.stringify({ input_parts: inputs, target_part: [[[1, 1], [2, 2]], []] });
  let dots = 0;
  const { parts } = parseDoodler(text, "bird_beak_json/A.json", { onDot: () => dots++ });
  assert.deepEqual(parts.map(({ label, lines }) => [label, lines.length]), [["body", 1], [
    "beak",
    1,
  ]]);
  assert.equal(dots, 1 + 3 + 1);
});

Deno.test(
  "a DoodlerGAN file that draws far outside of its canvas is refused; a little outside " +
    "is drawn",
  () => {
    const at = (x: number) =>
      JSON.stringify({
        input_parts: { body: [[[0, 0], [9, 9]]] },
        target_part: [[[0, 0], [x, 9]]],
      });
    assert.equal(parseDoodler(at(600), "a.json").parts.length, 2);
    for (const x of [2000, -2000, 1e30]) {
      assert.throws(() => parseDoodler(at(x), "a.json"), {
        name: "DrawingError",
        message: "coordinates far outside of the canvas of 512",
      });
    }
  },
);

Deno.test("coordinates beyond float32 leave their drawing out, with the reason", () => {
  const skips = new SkipLog(), good = [[0, 9], [0, 9]];
  const lines = [[[0, 1e39], [0, 9]], [[1e39, 1e39], [0, 9]], [[-1e39, 1e39], [0, 9]], good];
  const text = lines.map((stroke) => line([stroke, good])).join("\n");
  assert.deepEqual(drawingsOfText(text, "f.ndjson", skips).map(({ path }) => path), ["f.ndjson:4"]);
  assert.deepEqual(
    skips.list(),
    [1, 2, 3].map((n) => ({
      path: `f.ndjson:${n}`,
      reason: "coordinates that are not numbers, or too large",
    })),
  );
  const pair = { input_parts: { body: [[[0, 0], [9, 9]]] }, target_part: [[[0, 0], [1e42, 9]]] };
  assert.throws(() => parseDoodler(JSON.stringify(pair), "a.json"), {
    name: "DrawingError",
    message: "coordinates that are not numbers, or too large",
  });
});

Deno.test("flattenPath() applies transforms from the inside out and closes subpaths", () => {
  // scale(2) first, then translate(10, 0): (1, 1) → (2, 2) → (12, 2)
  const lines = flattenPath("M1 1h1v1z", ["scale(2)", "translate(10 0)"]);
  assert.deepEqual(lines, [[12, 2, 14, 2, 14, 4, 12, 2]]);
});

Deno.test("flattenPath() draws arcs and curves through their middle", () => {
  const [half] = flattenPath("M0 0a5 5 0 0 1 10 0", []);
  const top = Math.min(...half!.filter((_, i) => i % 2 === 1));
  assert.ok(Math.abs(top + 5) < 0.01, `a half circle of radius 5 reaches ${top}`);
  const [curve] = flattenPath("M0 0Q5 10 10 0", []);
  // B(1/2) = 10/2
  assert.ok(Math.abs(Math.max(...curve!.filter((_, i) => i % 2 === 1)) - 5) < 1e-9);
});

Deno.test("flattenPath() tells of subpaths that only move, and draws those of no length", () => {
  const cases: [string, number, number][] = [ // lines, dots
    ["M7 7", 0, 1],
    ["M1 1M2 2h3M5 5", 1, 2],
    ["M12 12m-9 0h3m1 1h3z", 2, 0], // a move from a move only says where to begin
    ["M1 1h1v1z", 1, 0], // what follows a closed subpath begins with it
    ["M12 12h.01", 1, 0],
    ["M12 12v0M6 6zM3 3a1 1 0 0 1 0 0", 3, 0],
    ["M1 1 2 2", 1, 0],
  ];
  for (const [data, lines, dots] of cases) {
    let told = 0;
    const drawn = flattenPath(data, ["rotate(30)"], { onDot: () => told++ });
    assert.deepEqual([drawn.length, told], [lines, dots], data);
  }
});
