import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withFolder } from "../testing/with_folder.ts";
import { loadNewestIntact } from "./reader.ts";
import { removeTemporaries } from "./prune.ts";
import { writeCheckpoint } from "./writer.ts";
import { contents } from "./test_data.ts";

const child = fileURLToPath(new URL("./crash_child.ts", import.meta.url));
const childArguments = ["run", "-A", "--no-check", "--quiet", child];
const never = { onSkipped: (path: string, why: string) => assert.fail(`${path}: ${why}`) };

/** Runs a command; the last line of its output is the child's JSON. */
async function run(command: string, args: string[]) {
  const { code, signal, stdout, stderr } = await new Deno.Command(command, { args }).output();
  const text = new TextDecoder().decode(stdout).trim();
  const errors = new TextDecoder().decode(stderr);
  const result: { digest?: string; steps?: number; error?: string } = JSON.parse(
    text.split("\n").at(-1) || "{}",
  );
  return { code, signal, errors, ...result };
}

/** Whether a command can be run on this machine; tests that need it are ignored otherwise. */
function works(command: string, args: string[]): boolean {
  try {
    return new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test(
  "a process killed before any step leaves the checkpoint before, or the new one, " +
    "whole",
  () =>
    withFolder(async (folder) => {
      const first = await writeCheckpoint(folder, contents(32));
      const other = join(folder, "uninterrupted");
      await Deno.mkdir(other);
      await writeCheckpoint(other, contents(32));
      const whole = await run(Deno.execPath(), [...childArguments, other, "none"]);
      assert.ok(whole.steps && whole.steps >= 12, JSON.stringify(whole));
      let sawOld = 0, sawNew = 0;
      for (let step = 0; step < whole.steps; step++) {
        const killed = await run(Deno.execPath(), [...childArguments, folder, `${step}`]);
        assert.equal(killed.signal, "SIGKILL", `step ${step}: ${killed.errors}`);
        const loaded = (await loadNewestIntact(folder, never))!;
        const isOld = loaded.manifest.digest === first.digest;
        if (isOld) sawOld++;
        else sawNew++;
        assert.equal(loaded.manifest.digest, isOld ? first.digest : whole.digest, `step ${step}`);
        // Only the last step, the folder's sync, comes after the rename.
        assert.equal(isOld, step < whole.steps - 1, `step ${step}`);
      }
      assert.deepEqual([sawOld, sawNew], [whole.steps - 1, 1]);
      await removeTemporaries(folder);
      const again = await writeCheckpoint(folder, contents(64));
      assert.deepEqual([again.path, again.digest], ["checkpoints/000000064", whole.digest]);
      assert.equal([...Deno.readDirSync(join(folder, "checkpoints"))].length, 2);
    }),
);

Deno.test("an error at any step is told, and leaves no half of a checkpoint", () =>
  withFolder(async (folder) => {
    const first = await writeCheckpoint(folder, contents(32));
    for (let failAt = 0;; failAt++) {
      let step = 0, point = "";
      const at = (name: string) => {
        point = name;
        if (step++ === failAt) throw new Error("Input/output error (os error 5)");
      };
      const outcome = await writeCheckpoint(folder, contents(64), { at }).catch((e: Error) => e);
      if (!(outcome instanceof Error)) {
        assert.equal(failAt, step);
        break;
      }
      assert.match(outcome.message, /^Cannot .*: Input\/output error \(os error 5\)/, point);
      const names = [...Deno.readDirSync(join(folder, "checkpoints"))].map((entry) => entry.name);
      const loaded = (await loadNewestIntact(folder, never))!;
      if (point === `sync ${join(folder, "checkpoints")}`) { // after the rename: it is there
        assert.match(outcome.message, /It is complete, but a power cut may undo it/);
        assert.equal(loaded.imagesSeen, 64);
        await Deno.remove(loaded.folder, { recursive: true });
      } else {
        assert.match(outcome.message, /Earlier checkpoints are untouched/);
        assert.deepEqual(names, ["000000032"], point);
        assert.equal(loaded.manifest.digest, first.digest);
      }
    }
  }));

const hasStrace = works("strace", ["-o", "/dev/null", "true"]);

Deno.test({
  name: "each file is synced, then the folder, then renamed, then its parent is synced",
  ignore: !hasStrace,
  fn: () =>
    withFolder(async (folder) => {
      const trace = join(folder, "trace.txt");
      const { digest, errors } = await run("strace", [
        ...["-f", "-y", "-qq", "-o", trace, "-e", "trace=fsync,rename,renameat,renameat2"],
        ...[Deno.execPath(), ...childArguments, folder, "none"],
      ]);
      assert.ok(digest, errors);
      const calls: string[] = [];
      for (const line of (await Deno.readTextFile(trace)).split("\n")) {
        const match = /(fsync|rename)\w*\((.*)/.exec(line);
        if (!match || !line.includes(folder)) continue; // Deno syncs its own caches too
        const [, call, rest] = match as unknown as [string, string, string]; // two groups
        const path = rest.replaceAll(/\.tmp-000000064-\w+/g, "TMP").match(/[<"]([^>"]+)[>"]/)?.[1];
        calls.push(`${call} ${path?.slice(folder.length)}`);
      }
      assert.deepEqual(calls, [
        "fsync ", // the run folder: `checkpoints` is new
        "fsync /checkpoints/TMP/generator.safetensors",
        "fsync /checkpoints/TMP/optimizer.safetensors",
        "fsync /checkpoints/TMP/manifest.json",
        "fsync /checkpoints/TMP",
        "rename /checkpoints/TMP",
        "fsync /checkpoints",
      ]);
    }),
});

Deno.test({
  name: "an fsync that the system fails is told, and is not retried",
  ignore: !hasStrace,
  fn: () =>
    withFolder(async (folder) => {
      await writeCheckpoint(folder, contents(32));
      const trace = join(folder, "trace.txt"), parent = join(folder, "checkpoints");
      // Every fsync fails: first the one of a tensor file, then only the parent's, after the
      // rename.
      for (const [filter, images] of [[[], 32], [["-P", parent], 64]] as const) {
        const inject = [...filter, "-e", "trace=fsync", "-e", "inject=fsync:error=EIO"];
        const { error, errors } = await run("strace", [
          ...["-f", "-y", "-qq", "-o", trace, ...inject, Deno.execPath()],
          ...[...childArguments, folder, "none"],
        ]);
        assert.match(error ?? "", /Input\/output error/, errors);
        const calls = (await Deno.readTextFile(trace)).split("\n")
          .filter((line) => line.includes("fsync(") && line.includes(parent)); // not Deno's own caches
        assert.equal(calls.length, 1, calls.join("\n"));
        assert.equal((await loadNewestIntact(folder, never))!.imagesSeen, images);
      }
    }),
});

const mounts = works("unshare", ["-Urm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]);

Deno.test({
  name: "a full disk is told, and leaves nothing behind",
  ignore: !mounts,
  fn: () =>
    withFolder(async (folder) => {
      // The tmpfs has room for two small checkpoints, and nearly all of the rest is filled.
      const script = `mount -t tmpfs -o size=128k tmpfs "$1" && mkdir "$1/run" &&
        "$0" run -A --no-check --quiet "$2" "$1/run" none && head -c 200000 /dev/zero > "$1/fill";
        rm -r "$1/run/checkpoints/000000064"/manifest.json; "$0" run -A --no-check --quiet "$2" "$1/run" none;
        ls -A "$1/run/checkpoints" >&2`;
      const full = await run("unshare", [
        "-Urm",
        "sh",
        "-c",
        script,
        Deno.execPath(),
        folder,
        child,
      ]);
      assert.match(
        full.error ?? "",
        /No space left on device .* Earlier checkpoints are untouched/,
      );
      assert.equal(full.errors.trim().split("\n").at(-1), "000000064", full.errors);
    }),
});

Deno.test({
  name: "a read-only run folder is told",
  ignore: !mounts,
  fn: () =>
    withFolder(async (folder) => {
      const script =
        `mount -t tmpfs -o ro tmpfs "$1" && "$0" run -A --no-check --quiet "$2" "$1" none`;
      const denied = await run("unshare", [
        "-Urm",
        "sh",
        "-c",
        script,
        Deno.execPath(),
        folder,
        child,
      ]);
      assert.match(denied.error ?? "", /Cannot write the checkpoint .*Read-only file system/);
    }),
});

Deno.test("a run folder that is gone is told", () =>
  withFolder(async (folder) => {
    await assert.rejects(
      writeCheckpoint(join(folder, "gone"), contents(32)),
      /Cannot write the checkpoint at 32 images into .*gone.checkpoints: .*No such file/s,
    );
  }));
