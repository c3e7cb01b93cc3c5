import assert from "node:assert/strict";
import type { OpenedRun, PluginExplore } from "../../core/plugin/mod.ts";
import { askPlugin, exploreInfo } from "./ask_plugin.ts";

const run = { id: "00001-x", resolution: 16, imagesSeen: 99, alpha: 0.5 } as unknown as Parameters<
  typeof exploreInfo
>[1]; // what is read of it
const image = { data: new Float32Array(3), shape: [1, 1, 1, 3] };
const asked: unknown[] = [];
const answer = (_run: OpenedRun, request: unknown) => {
  asked.push(request);
  return Promise.resolve(image);
};
const enlarging: PluginExplore = {
  kind: "super-resolution",
  facts: () => ({ inputResolution: 8 }),
  draw: answer,
};
const sketching: PluginExplore = {
  kind: "sketch",
  facts: () => ({ parts: ["beak", "eye"] }),
  draw: answer,
};

Deno.test("exploreInfo() tells the page the plugin's facts", () => {
  const common = { resolution: 16, imagesSeen: 99, layers: [], truncation: false, alpha: 0.5 };
  assert.deepEqual(exploreInfo(enlarging, run), {
    ...common,
    kind: "super-resolution",
    parts: [],
    inputResolution: 8,
  });
  assert.deepEqual(exploreInfo(sketching, run), {
    ...common,
    kind: "sketch",
    parts: ["beak", "eye"],
  });
});

Deno.test("askPlugin() gives each plugin its own requests, and refuses the others", async () => {
  const complete = { kind: "complete" as const, strokes: [], part: 1, seeds: [3] };
  assert.equal(await askPlugin(enlarging, run, { kind: "upscale", png: "AQID" }), image);
  assert.equal(await askPlugin(sketching, run, complete), image);
  const [first, second] = asked as [{ png: Uint8Array }, unknown];
  assert.deepEqual([...first.png], [1, 2, 3]);
  assert.deepEqual(second, complete);
  assert.throws(() => askPlugin(enlarging, run, complete), /Cannot answer "complete" with 00001-x/);
  assert.throws(
    () => askPlugin(sketching, run, { kind: "seeds", seeds: [1], truncation: 1 }),
    /expected a request for sketch/,
  );
});
