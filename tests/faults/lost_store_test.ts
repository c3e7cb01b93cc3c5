/** A lost run store: its state is restored from the run folders. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { keptNotices } from "../../core/run/notices.ts";
import { findRuns } from "../../core/run/folder/run_folder.ts";
import { readStats } from "../../core/run/folder/stats_file.ts";
import { openRunStore } from "../../core/run/store/open_store.ts";
import { addUnknownRuns } from "../../core/run/sync/sync_runs.ts";
import { inProcess, newRun, resume, withTinyData } from "./tiny_run.ts";

const RUN = "00000-tiny-data";

/** What the store knows of a run. */
async function stateOf(runs: string, id = RUN) {
  const store = await openRunStore(join(runs, "cambium.kv"));
  const { cursor: _, ...series } = await store.readSeries(id);
  const state = {
    head: await store.head(id),
    series,
    samples: await store.samples(id),
    checkpoints: await store.checkpoints(id),
    log: (await store.readLog(id, { limit: 1000 })).lines,
    details: await store.details(id),
    ids: await store.ids(),
  };
  store.close();
  return state;
}

/** Writing a file and recording it happen at slightly different times. */
const timeless = <T extends { time: number }>(entries: readonly T[]) =>
  entries.map(({ time: _, ...entry }) => entry);

async function loseStore(runs: string): Promise<void> {
  for (const end of ["", "-wal", "-shm"]) {
    // SQLite removes two of them itself
    await Deno.remove(join(runs, `cambium.kv${end}`)).catch(() => {});
  }
}

Deno.test(
  "runs sync rebuilds heads, curves, samples, log and checkpoints from the run " +
    "folders",
  () =>
    withTinyData(async (folder) => {
      const runs = join(folder, "runs"), more = ["--sample-every", "16"];
      const sync = async () => {
        const { code, out, err } = await inProcess(["runs", "sync", "--json", "--runs", runs]);
        assert.equal(code, 0, err);
        return JSON.parse(out);
      };
      await inProcess(newRun({ folder, more: [...more, "--images", "48"] }));
      await inProcess(resume({ folder, more: ["--images", "0"] }));
      const before = await stateOf(runs);
      assert.deepEqual(await sync(), { runs: { [RUN]: "same" }, withoutFolder: [] });
      await loseStore(runs);
      assert.deepEqual((await sync()).runs, { [RUN]: "added" });
      const after = await stateOf(runs);
      assert.deepEqual(after.series, before.series);
      assert.deepEqual(
        timeless(after.samples),
        timeless(before.samples).map(({ drawn: _, ...s }) => s),
      );
      assert.deepEqual(timeless(after.checkpoints), timeless(before.checkpoints));
      assert.deepEqual(
        after.log.map(({ level, imagesSeen, message }) => ({ level, imagesSeen, message })),
        before.log.map(({ level, imagesSeen, message }) => ({ level, imagesSeen, message })),
      );
      const kept = ({ head }: typeof after) => {
        const { status, imagesSeen, imagesTotal, sessions, seed, identity, latestSample } = head!;
        const { plugin, data, warnings, resolution, phaseIndex, alpha, error } = head!;
        return [
          ...[status, imagesSeen, imagesTotal, sessions, seed, identity, latestSample],
          ...[plugin, data, warnings, resolution, phaseIndex, alpha, error],
        ];
      };
      assert.deepEqual(kept(after), kept(before));
      assert.deepEqual(after.details?.config, before.details?.config);
      assert.deepEqual(after.details?.phases, before.details?.phases);
      assert.deepEqual((await sync()).runs, { [RUN]: "same" });

      const store = await openRunStore(join(runs, "cambium.kv"));
      await store.removeCheckpoint(RUN, 48);
      store.close();
      assert.deepEqual((await sync()).runs, { [RUN]: "mended" });
      assert.deepEqual((await stateOf(runs)).checkpoints, after.checkpoints);

      const renamed = "00000-tiny-renamed";
      await Deno.rename(join(runs, RUN), join(runs, renamed));
      assert.deepEqual(await sync(), { runs: { [renamed]: "added" }, withoutFolder: [] });
      assert.deepEqual((await stateOf(runs, renamed)).ids, [renamed]);
    }),
);

Deno.test("a run that is resumed without its store has all of its curves in a new one", () =>
  withTinyData(async (folder) => {
    const runs = join(folder, "runs");
    await inProcess(newRun({ folder, more: ["--images", "48"] }));
    await loseStore(runs);
    const { code, err } = await inProcess(resume({ folder, more: ["--images", "0"] }));
    assert.equal(code, 0, err);
    assert.match(err, /Deno KV did not know 00000-tiny-data: its state is rebuilt from its folder/);
    const { head, series, samples } = await stateOf(runs);
    const stats = await readStats(join(runs, RUN));
    assert.deepEqual([...series.imagesSeen], stats.map(({ imagesSeen }) => imagesSeen));
    assert.deepEqual([head?.sessions, head?.status], [2, "finished"]);
    assert.ok(samples.some(({ imagesSeen }) => imagesSeen <= 48));
  }));

Deno.test(
  "a dashboard that starts adds the runs that Deno KV doesn't know, and changes none " +
    "that it does",
  () =>
    withTinyData(async (folder) => {
      const runs = join(folder, "runs");
      await inProcess(newRun({ folder, more: ["--images", "16"] }));
      await loseStore(runs);
      await inProcess(newRun({ folder, more: ["--images", "16"] }));
      await Deno.mkdir(join(runs, "00002-tiny-empty"));
      const second = (await findRuns(runs))[1]!; // two were trained
      const before = await stateOf(runs, second.id);
      const log: string[] = [], notices = keptNotices({ log: (line) => void log.push(line) });
      await addUnknownRuns({ runs }, notices);
      assert.deepEqual(log, [`${RUN} is added to Deno KV from its folder`]);
      assert.match(notices.warnings.join(), /00002-tiny-empty is not shown: .*config\.json/);
      assert.deepEqual((await stateOf(runs)).ids, [RUN, second.id]);
      assert.deepEqual(await stateOf(runs, second.id).then(({ head }) => head), before.head);
    }),
);
