import assert from "node:assert/strict";
import { findChromium, missingChromium } from "./chromium.ts";
import { accessible, gone, missing, narrow } from "./steps_all_pages.ts";
import { compares, reads, zooms } from "./steps_curves.ts";
import { enlarges, explores } from "./steps_explore.ts";
import { follows, list, moves, panels, scrubs, stops, wakes } from "./steps_runs.ts";
import { setStage } from "./stage.ts";

// Without Chromium the test is skipped with a message; continuous integration must have it.
const ignore = findChromium() === undefined && !Deno.env.get("CI");
if (ignore) console.warn(`The dashboard is not tested in a browser: ${missingChromium()}`);

Deno.test({ name: "the dashboard in a real Chromium", ignore }, async (t) => {
  await using stage = await setStage();
  const step = (name: string, run: () => Promise<void>) => t.step(name, run);
  await step(
    "the list hydrates, filters without reload, and keeps the filter in the address",
    () => list(stage),
  );
  await step(
    "curve, log and status move without reload while another process writes",
    () => moves(stage),
  );
  await step(
    "the scrubber shows the grid of its moment, and a click follows a seed",
    () => scrubs(stage),
  );
  await step(
    "where a grid holds more than what was drawn, only that is followed",
    () => follows(stage),
  );
  await step("dragging zooms all curves, a double click shows all again", () => zooms(stage));
  await step(
    "keys read, zoom and reset a chart; all charts share the cursor; Alt moves along",
    () => reads(stage),
  );
  await step("ticked runs are compared: curves, configuration, samples", () => compares(stage));
  await step(
    "the explore page generates, and the newest request is what it shows",
    () => explores(stage),
  );
  await step(
    "an image is enlarged from the size of training or its own, and divided by keys",
    () => enlarges(stage),
  );
  await step(
    "parts further down wake when they come near; the configuration is set against the preset",
    () => wakes(stage),
  );
  await step("what plugins show is drawn from plain data, text as text", () => panels(stage));
  await step("stopping asks first, and then reaches the run store", () => stops(stage));
  await step(
    "a deleted run folder leaves words in the pictures' places, before a page wakes too",
    () => gone(stage),
  );
  await step("a missing page is a 404 that leads back", () => missing(stage));
  await step("nothing is wider than 360 px", () => narrow(stage));
  await step("axe-core finds nothing serious, in light and in dark", () => accessible(stage));
  await step("no page logged an error", () => {
    assert.deepEqual(stage.errors.filter((e) => !e.includes("404 (Not Found)")), []);
    return Promise.resolve();
  });
});
