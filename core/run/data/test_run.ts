/** A run for tests, with only what opening its data reads. */
import { join } from "node:path";
import type { Notices } from "../notices.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { openRunDataset } from "./run_dataset.ts";

/** A run on the folder's `own` pictures, and its warnings. */
export async function runOn(folder: string, resolution = 8, skipSmaller = false) {
  const warnings: string[] = [];
  const notices: Notices = {
    progress() {},
    log() {},
    done() {},
    warn: (message) => void warnings.push(message),
  };
  const model = { plugin: { name: "test", data: "images", skipSmaller } };
  // no other fields are read
  const loaded = { model, addOns: [] } as unknown as LoadedRun["loaded"];
  const spec = {
    run: { startResolution: 8, resolution },
    options: {},
    data: {
      source: join(folder, "own"),
      fit: "cover",
      background: "#ffffff",
      channels: 3,
      heldOut: 0.5,
    },
  } as unknown as LoadedRun["spec"]; // openRunDataset() reads no more
  const place = { notices, cache: join(folder, "cache"), resolution: 8 };
  const dataset = await openRunDataset(spec, loaded, notices, place);
  dataset.close();
  return { run: { id: "00004-test", spec, loaded, dataset: dataset.info }, place, warnings };
}
