import assert from "node:assert/strict";
import { placedLines } from "./placed_lines.ts";

const read = async (text: string, path = "a.ndjson", tell?: (what: string) => void) => {
  const { lines, count } = await placedLines(new TextEncoder().encode(text), path, tell);
  return { lines: lines.map((line) => [...line].map((v) => Math.round(v * 1e4) / 1e4)), count };
};

Deno.test(
  "strokes keep their place in 0 … 255 with the margin of training, others are fitted; " +
    "one point is a dot",
  async () => {
    const lines = async (drawing: unknown) => (await read(JSON.stringify({ drawing }))).lines;
    assert.deepEqual(await lines([[[0, 255], [0, 255]]]), [[0.1, 0.1, 0.9, 0.9]]);
    assert.deepEqual(await lines([[[1000, 1400], [0, 200]]]), [[0.1, 0.3, 0.9, 0.7]]);
    assert.deepEqual(await lines([[[0], [255]]]), [[0.1, 0.9, 0.1, 0.9]]);
  },
);

Deno.test("the first drawing of a file is read, and the others are counted", async () => {
  const one = '{"drawing":[[[0,255],[0,255]]]}', other = '{"drawing":[[[0,9],[0,0]]]}';
  const told: string[] = [], text = `\n{}\n${one}\nx\n${other}\n${other}\n`;
  const { lines, count } = await read(text, "a.ndjson", (what) => told.push(what));
  assert.deepEqual([lines, count], [[[0.1, 0.1, 0.9, 0.9]], 3]);
  assert.deepEqual(told.length, 1); // of what follows none was to be read
  assert.match(told[0]!, /^skipped number 2: JSON without "drawing"/);
  assert.equal((await read(`${one}\n`.repeat(2000))).count, 1000);
  await assert.rejects(read("{}\nx\n"), {
    name: "DrawingError",
    message: /^number 1: JSON without "drawing"/,
  });
});

Deno.test(
  "an SVG keeps its place in its viewBox, in the middle of the square; without one it " +
    "is fitted",
  async () => {
    const svg = (attributes: string) =>
      `<svg ${attributes}><path d="M0 0L10 20" stroke="red"/></svg>`;
    const lines = async (attributes: string) => (await read(svg(attributes), "a.svg")).lines;
    assert.deepEqual(await lines('viewBox="-10 0 40 20"'), [[0.25, 0.25, 0.5, 0.75]]);
    assert.deepEqual(await lines('width="20" height="40"'), [[0.25, 0, 0.5, 0.5]]);
    assert.deepEqual(await lines(""), [[0.3, 0.1, 0.7, 0.9]]);
    assert.deepEqual((await read("<svg/>", "a.svg")).lines, []);
  },
);
