/** External faults: a second process, a full or read-only disk, a locked store. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { whileHeld } from "../../core/run/folder/test_process.ts";
import { readStats } from "../../core/run/folder/stats_file.ts";
import { openRunStore } from "../../core/run/store/open_store.ts";
import { readAll, RUN, stoppedAt, withRunning } from "./long_run.ts";
import {
  childArguments,
  inProcess,
  newRun,
  resultOf,
  resume,
  toEnd,
  withTinyData,
  works,
} from "./tiny_run.ts";

Deno.test(
  "a second process that would train a run is told which one does, and the first goes " +
    "on",
  () =>
    withTinyData(async (folder) => {
      await withRunning(folder, async (child, lines) => {
        const reading = readAll(lines);
        const second = await inProcess(resume({ folder }));
        assert.equal(second.code, 1);
        assert.match(
          second.err,
          new RegExp(`process ${child.pid} on .* is training this run since`),
        );
        child.kill("SIGTERM");
        assert.match(await reading, /Stopped at \d+ images/);
        assert.equal((await child.status).code, 0);
      });
      assert.ok(await stoppedAt(folder) > 20);
    }),
);

Deno.test("a run store that is deleted while training costs its state, not the run", () =>
  withTinyData(async (folder) => {
    await withRunning(folder, async (child, lines) => {
      const reading = readAll(lines);
      for (const end of ["", "-wal", "-shm"]) {
        await Deno.remove(join(folder, "runs", `cambium.kv${end}`));
      }
      const stats = join(folder, "runs", RUN, "stats.jsonl"), { size } = await Deno.stat(stats);
      while ((await Deno.stat(stats)).size <= size + 300) {
        await new Promise((r) => setTimeout(r, 20));
      }
      child.kill("SIGTERM");
      assert.match(await reading, /Stopped at \d+ images/);
      assert.equal((await child.status).code, 0);
    });
    const stopped = await stoppedAt(folder);
    assert.ok(stopped > 20);
    const more = ["--json", "--images", String(stopped + 8)];
    assert.equal(resultOf(await inProcess(resume({ folder, more }))).imagesSeen, stopped + 8);
  }));

const mounts = works("unshare", ["-Urm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]);

Deno.test({
  name: "a full disk costs checkpoints, not the run; the last one must fit",
  ignore: !mounts,
  fn: () =>
    withTinyData(async (folder) => {
      const runs = join(folder, "full");
      await Deno.mkdir(runs);
      await inProcess(newRun({ folder, more: ["--images", "4"] })); // prepares the data
      // A file fills the disk during the fourth step and is removed in the sixteenth; another stays
      // from the twentieth on.
      const script = `mount -t tmpfs -o size=3m tmpfs "$1" && runs=$1 && shift && "$@"; code=$?; ` +
        `echo "stats:"; cat "$runs"/*/stats.jsonl; exit $code`;
      const command = (more: string[]) => [
        ...["-Urm", "sh", "-c", script, "sh", runs, Deno.execPath()],
        ...childArguments(
          newRun({ folder, runs, schedule: "4:4::0:128", more: ["--resolution", "4", ...more] }),
        ),
      ];
      const freed = await toEnd("unshare", command([]), `disk@12-60@${join(runs, "fill")}`);
      assert.equal(freed.code, 0, freed.err);
      assert.match(
        freed.out,
        /warning: Cannot write the checkpoint at 16 images .*: No space left/,
      );
      assert.match(freed.out, /Earlier checkpoints are untouched\. Training goes on without this/);
      assert.match(freed.out, / checkpoint checkpoints\/000000064 /);
      assert.match(freed.out, /Finished at 128 images/);
      assert.match(freed.out, /The run store \(Deno KV\) failed: .*disk.*what it misses is kept/);
      assert.match(freed.out, /The run store \(Deno KV\) works again after .*nothing is missing/);
      const [, stats = ""] = freed.out.split("stats:\n");
      const seen = stats.trimEnd().split("\n").map((line) => JSON.parse(line))
        .filter((point) => point["loss/generator"] !== undefined)
        .map(({ imagesSeen }) => imagesSeen);
      assert.deepEqual(seen, Array.from({ length: seen.length }, (_, i) => seen[0] * (i + 1)));
      // those from the time of the full disk were written later, at their own positions
      assert.equal(seen.at(-1), 128);
      const full = await toEnd("unshare", command([]), `disk@76-999@${join(runs, "fill")}`);
      assert.equal(full.code, 1);
      assert.match(full.out, / checkpoint checkpoints\/000000064 /);
      assert.match(full.err, /error: Cannot write the checkpoint at 128 images .*No space left/);
      assert.match(
        full.out,
        /The last checkpoint is that at 64 images\. .*\n *go on: +deno task train --resume /,
      );
    }),
});

Deno.test({
  name:
    "growth that a container's memory limit leaves no room for is told and saved before it is " +
    "tried",
  ignore: !mounts,
  fn: () =>
    withTinyData(async (folder) => {
      // Another /sys/fs/cgroup, in which the process's groups have no memory left.
      const groups = (await Deno.readTextFile("/proc/self/cgroup")).split("\n")
        .flatMap((line) => /^\d+::(\/.*)$/.exec(line)?.[1] ?? []);
      const place = join("/sys/fs/cgroup", groups[0] ?? "");
      const script =
        `mount -t tmpfs tmpfs /sys/fs/cgroup && mkdir -p "$1" && echo 999 > "$1/memory.max" && ` +
        `echo 999 > "$1/memory.current" && shift && exec "$@"`;
      const ended = await toEnd("unshare", [
        ...["-Urm", "sh", "-c", script, "sh", place, Deno.execPath()],
        ...childArguments(newRun({ folder, schedule: "4:4::0:36,8:4::4:8" })),
      ]);
      assert.equal(ended.code, 0, ended.err);
      const lines = ended.out.split("\n").map((line) => line.trim());
      const at = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
      const told = at(
        /^36 +warning: 8 px may not fit into memory: 8 px in batches of 4 takes about .* of 0 kB free/,
      );
      // not one of the regular ones every 16 images
      const saved = at(/^36 +checkpoint checkpoints\/000000036 /);
      const grown = at(/^36 +8 px fade/);
      assert.ok(told > 0 && told < grown && saved > 0 && saved < grown, ended.out);
      assert.match(ended.out, /Finished at 48 images/);
    }),
});

Deno.test({
  name: "a folder of runs that can't be written is told at once, with what to do",
  ignore: !mounts,
  fn: () =>
    withTinyData(async (folder) => {
      const runs = join(folder, "fixed");
      await Deno.mkdir(runs);
      const script = `mount -t tmpfs -o ro tmpfs "$1" && shift && exec "$@"`;
      const { code, err } = await toEnd("unshare", [
        ...["-Urm", "sh", "-c", script, "sh", runs, Deno.execPath()],
        ...childArguments(newRun({ folder, runs })),
      ]);
      assert.equal(code, 2);
      assert.match(
        err,
        /error: Cannot make a run in .*fixed: .*Read-only file system.* Choose another by --runs/,
      );
      assert.doesNotMatch(err, /Opening the data/); // fails before anything is prepared
    }),
});

Deno.test(
  "a run store that another process locks while training is told once; the run goes " +
    "on",
  () =>
    withTinyData(async (folder) => {
      const kv = join(folder, "runs", "cambium.kv"), log = join(folder, "runs", RUN, "log.txt");
      await withRunning(folder, async (child, lines) => {
        const reading = readAll(lines);
        await whileHeld("lock-kv", kv, async () => {
          const told =
            /The run store \(Deno KV\) failed: .*\. Training goes on; what it misses is kept/g;
          while (!told.test(await Deno.readTextFile(log))) {
            await new Promise((r) => setTimeout(r, 100));
          }
          child.kill("SIGTERM");
          assert.equal((await child.status).code, 0); // while the store is still locked
          assert.equal((await Deno.readTextFile(log)).match(told)?.length, 1);
        });
        await reading;
      });
      assert.ok(await stoppedAt(folder) > 20);
    }),
);

Deno.test("a run store that was locked for a while gets what it missed", () =>
  withTinyData(async (folder) => {
    const runs = join(folder, "runs"), log = join(runs, RUN, "log.txt");
    await withRunning(folder, async (child, lines) => {
      const reading = readAll(lines);
      const told = async (pattern: RegExp) => {
        while (!pattern.test(await Deno.readTextFile(log))) {
          await new Promise((r) => setTimeout(r, 100));
        }
      };
      await whileHeld("lock-kv", join(runs, "cambium.kv"), async () => {
        await told(/The run store \(Deno KV\) failed: .*\. Training goes on/);
      });
      await told(/The run store \(Deno KV\) works again after \d+ s; nothing is missing/);
      child.kill("SIGTERM");
      assert.equal((await child.status).code, 0);
      await reading;
    });
    const store = await openRunStore(join(runs, "cambium.kv"));
    const head = await store.head(RUN), series = await store.readSeries(RUN);
    const { lines } = await store.readLog(RUN, { limit: 1000 });
    store.close();
    assert.equal(head?.status, "stopped");
    const stats = await readStats(join(runs, RUN));
    assert.deepEqual([...series.imagesSeen], stats.map(({ imagesSeen }) => imagesSeen));
    const text = await Deno.readTextFile(log);
    assert.deepEqual(
      lines.map(({ message }) => message),
      text.trimEnd().split("\n").map((line) => line.replace(/^\S+ \w+ \[\d+\] /, "")),
    );
  }));
