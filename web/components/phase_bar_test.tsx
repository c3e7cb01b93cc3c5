import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import { phasesOf } from "../../core/schedule.ts";
import { PhaseBar } from "./phase_bar.tsx";

/** Labels of a bar whose resolutions have these numbers of images. */
function labels(images: [resolution: number, images: number][]): string[] {
  const part = { fadeImages: 0, batchSize: 8, learningRate: 1e-3 };
  const phases = phasesOf(
    images.map(([resolution, stabilizeImages]) => ({ ...part, resolution, stabilizeImages })),
  );
  const imagesTotal = phases.at(-1)!.end; // there is at least one
  const page = renderToString(
    <PhaseBar {...{ phases, imagesTotal }} imagesSeen={0} height={8} labels id="bar" />,
  );
  return [...page.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, label]) => label!);
}

Deno.test("a resolution of a few images leaves its label's room to the next one", () => {
  assert.deepEqual(labels([[32, 16], [64, 60_000]]), ["64²"]);
  assert.deepEqual(labels([[8, 500], [16, 20], [32, 500]]), ["8²", "32²"]);
});

Deno.test("resolutions that have room for it are all named, in their order", () => {
  assert.deepEqual(labels([[4, 300], [8, 300], [16, 600]]), ["4²", "8²", "16²"]);
});
