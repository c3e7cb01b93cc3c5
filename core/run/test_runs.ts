/** Run folders for tests, without training. */
import { join } from "node:path";
import * as v from "valibot";
import { writeCheckpoint } from "../checkpoint/mod.ts";
import { contents } from "../checkpoint/test_data.ts";
import { runSchema } from "../config/mod.ts";
import { createRunFolder, type RunFolder, writeRunConfig } from "./folder/run_folder.ts";
import { LOCK_NAME } from "./folder/lock.ts";

/** Writes a run with a configuration and a checkpoint at 32 images. */
export async function writeRun(
  runs: string,
  data: string,
  run: Record<string, unknown> = v.getDefaults(runSchema),
): Promise<RunFolder> {
  const folder = await createRunFolder(runs, { plugin: "stylegan", data });
  const labels: string[] = [];
  await writeRunConfig(folder.folder, {
    version: "0.1.0",
    plugins: [{ name: "stylegan", specifier: "stylegan" }],
    preset: null,
    run,
    options: {},
    data: { source: "emoji", fit: "cover", background: "#ffffff", channels: 3, heldOut: 0 },
    machine: { backend: "cpu", threads: 1 },
    dataset: {
      ...{ kind: "images", name: data, digest: "d", count: 12, heldOutCount: 0 },
      ...{ channels: 3, maxResolution: 8, labels },
    },
  });
  await writeCheckpoint(folder.folder, contents(32));
  return folder;
}

/** Writes an intact run and one run for each kind of damage; maps ids to the expected reason. */
export async function writeOddRuns(runs: string): Promise<Map<string, RegExp | null>> {
  const whole = await writeRun(runs, "whole");
  const bare = await writeRun(runs, "bare", {});
  const planned = { ...v.getDefaults(runSchema), sched: ["8:abc"] };
  const scheduled = await writeRun(runs, "scheduled", planned);
  for (const { folder } of [bare, scheduled]) {
    await Deno.remove(join(folder, "checkpoints/000000032"), { recursive: true });
  }
  const linked = await writeRun(runs, "linked"), locked = await writeRun(runs, "locked");
  await Deno.symlink(join(whole.folder, "config.json"), join(linked.folder, LOCK_NAME));
  await Deno.mkdir(join(locked.folder, LOCK_NAME));
  const without = await createRunFolder(runs, { plugin: "stylegan", data: "without" });
  const damaged = await writeRun(runs, "damaged");
  const manifest = { digest: "x", meta: { phases: [null] } };
  await Deno.writeTextFile(
    join(damaged.folder, "checkpoints/000000032/manifest.json"),
    JSON.stringify(manifest),
  );
  return new Map([
    [whole.id, null],
    [bare.id, /received undefined/],
    [scheduled.id, /8:abc/],
    [linked.id, /\.lock: expected a plain file, received a symbolic link/],
    [locked.id, /\.lock: expected a plain file, received a folder/],
    [without.id, /expected a readable config\.json, received: No such file/],
    [damaged.id, null], // a damaged checkpoint alone does not make a run unreadable
  ]);
}
