import assert from "node:assert/strict";
import { defineExplore, type OpenedRun, type PluginExplore } from "../../core/plugin/mod.ts";
import { askPlugin, exploreInfo } from "./ask_plugin.ts";

const run = {
  id: "00001-x",
  resolution: 16,
  imagesSeen: 99,
  alpha: 0.5,
  context: { dataset: { labels: ["beak", "eye"] } },
} as unknown as Parameters<typeof exploreInfo>[1]; // all that is read of it
const image = { data: new Float32Array(3), shape: [1, 1, 1, 3] };

/** A plugin's own controls, one of every kind, and a record of what it was asked to draw. */
function everyControl() {
  const asked: unknown[] = [];
  const explore = defineExplore({
    title: "Try everything",
    pictures: "What comes of it",
    controls: (run) => ({
      width: { kind: "number", label: "Width", minimum: 1, maximum: 8, step: 1, initial: 2 },
      part: { kind: "choice", label: "Part", options: run.context.dataset.labels, none: "Any" },
      photo: { kind: "image", label: "Photo", side: 8 },
      pad: { kind: "strokes", label: "Pad" },
      seeds: { kind: "seed", label: "Seed", pictures: 2 },
    }),
    draw(_run: OpenedRun, { width, part, photo, pad, seeds }) {
      const typed: [number, string | null, Uint8Array, number, number] = [
        width,
        part,
        photo,
        pad[0]![0]![0], // the x of the first point of the first stroke
        seeds[0]!,
      ];
      asked.push(typed);
      return Promise.resolve(image);
    },
  });
  return { explore: explore as PluginExplore, asked };
}

const VALUES = {
  width: 3,
  part: "eye",
  photo: "AQID",
  pad: [[[0.25, 0], [1, 1]]] as [number, number][][],
  seeds: [7, 8],
};

Deno.test("exploreInfo() tells the page the controls that a plugin declares for the run", () => {
  const { declared, ...info } = exploreInfo(everyControl().explore, run);
  assert.deepEqual(info, {
    kind: "plugin",
    resolution: 16,
    imagesSeen: 99,
    layers: [],
    labels: [],
    truncation: false,
    alpha: 0.5,
  });
  assert.equal(declared!.title, "Try everything");
  assert.equal(declared!.pictures, "What comes of it");
  assert.deepEqual(Object.keys(declared!.controls), Object.keys(VALUES));
  assert.deepEqual(declared!.controls.part, {
    kind: "choice",
    label: "Part",
    options: ["beak", "eye"],
    none: "Any",
  });
});

Deno.test("askPlugin() gives a plugin the values of its controls, each of its kind", async () => {
  const { explore, asked } = everyControl();
  assert.equal(await askPlugin(explore, run, { kind: "plugin", values: VALUES }), image);
  const [[width, part, photo, x, seed]] = asked as [[number, string, Uint8Array, number, number]];
  assert.deepEqual([width, part, [...photo], x, seed], [3, "eye", [1, 2, 3], 0.25, 7]);
  await askPlugin(explore, run, { kind: "plugin", values: { ...VALUES, part: null } });
  assert.equal((asked[1] as unknown[])[1], null);
});

Deno.test(
  "askPlugin() refuses values that the controls don't give, before the plugin sees " +
    "them",
  () => {
    const { explore, asked } = everyControl();
    const wrong: [change: Record<string, unknown>, message: RegExp][] = [
      [{ width: 9 }, /"width" to be a number 1 … 8, received 9/],
      [{ part: "wing" }, /"part" to be one of beak, eye, or null, received "wing"/],
      [{ photo: "../../etc/passwd" }, /"photo" to be a PNG in base64/],
      [{ pad: [] }, /"pad" to be 1 to 500 strokes/],
      [{ pad: [[[0, 2]]] }, /"pad" to be 1 to 500 strokes/],
      [{ seeds: [1, 2, 3] }, /"seeds" to be 1 to 2 seeds/],
      [{ seeds: [1.5] }, /"seeds" to be 1 to 2 seeds/],
      [{ seeds: [2 ** 32] }, /"seeds" to be 1 to 2 seeds of 0 … 4294967295, received \[4294967296/],
      [{ seeds: undefined }, /"seeds" to be 1 to 2 seeds .*, received none/],
      [{ other: 1 }, /received one of "other"/],
    ];
    for (const [change, message] of wrong) {
      const values = { ...VALUES, ...change } as never; // bypasses the type checker, as a page can
      assert.throws(() => askPlugin(explore, run, { kind: "plugin", values }), message);
    }
    assert.throws(
      () => askPlugin(explore, run, { kind: "seeds", seeds: [1], truncation: 1 }),
      /Cannot answer "seeds" with 00001-x/,
    );
    assert.deepEqual(asked, []);
  },
);
