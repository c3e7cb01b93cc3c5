import assert from "node:assert/strict";
import { join } from "node:path";
import { withFiles } from "../../core/testing/with_folder.ts";
import { openDataset } from "../open_dataset.ts";

Deno.test(
  "a folder of SVGs gives labels by subfolder; other files and thin drawings are " +
    "told",
  async () => {
    const svg = (n: number) =>
      `<svg xmlns="http://www.w3.org/2000/svg" stroke="red">${
        '<path d="M1 1l5 9"/>'.repeat(n)
      }</svg>`;
    await withFiles(
      { "a/1.svg": svg(3), "b/2.svg": svg(2), "b/3.svg": svg(1), "x.png": "x" },
      async (folder) => {
        const { info } = await openDataset({
          kind: "sketches",
          source: folder,
          maxResolution: 8,
          heldOut: 0,
          labels: true,
        });
        assert.deepEqual(info.labels, ["a", "b"]);
        assert.equal(info.count, 5);
        assert.deepEqual(info.skipped.map(({ path }) => path).sort(), ["b/3.svg", "x.png"]);
      },
    );
  },
);

Deno.test("strokes of one point are counted in every format", async () => {
  const doodler = {
    input_parts: { a: [[[1, 1]], [[2, 2], [3, 3]]] },
    target_part: [[[1, 1], [5, 5]]],
  };
  await withFiles(
    {
      "a.ndjson": JSON.stringify({ drawing: [[[5], [5]], [[0, 9], [0, 9]], [[9, 0], [0, 9]]] }),
      "b.json": JSON.stringify(doodler),
      "c.svg": '<svg stroke="red"><path d="M7 7"/><path d="M1 1M2 2h3"/><path d="M1 1v2"/></svg>',
    },
    async (source) => {
      const { info } = await openDataset({
        kind: "sketches",
        source,
        maxResolution: 8,
        heldOut: 0,
      });
      const reason = "a stroke of fewer than two points";
      const paths = ["a.ndjson:1", "b.json", "c.svg", "c.svg"];
      assert.deepEqual(info.skipped, paths.map((path) => ({ path, reason })));
      assert.equal(info.count, 1 + 1 + 2);
    },
  );
});

Deno.test("no sketches at all is an error that says what was there", async () => {
  await withFiles({ "in/x.png": "x", "empty.ndjson": "" }, async (folder) => {
    const open = (name: string) =>
      openDataset({ kind: "sketches", source: join(folder, name), maxResolution: 8 });
    await assert.rejects(open("in"), /expected sketches.*x.png \(a picture/);
    await assert.rejects(open("empty.ndjson"), /empty file/);
    await assert.rejects(
      open("in/x.png"),
      /Cannot use .*expected sketches.*left out: x.png \(not a sketch/,
    );
    await assert.rejects(open("empty.ndjso"), /Did you mean .*empty.ndjson/);
  });
});
