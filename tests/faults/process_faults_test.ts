/** What happens to the process from outside: signals, a closed terminal, a full or read-only disk, a locked store. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadNewestIntact } from "../../core/mod.ts";
import { whileHeld } from "../../core/runs/test_process.ts";
import {
  childArguments,
  hasTensorFlow,
  inProcess,
  linesOf,
  newRun,
  resultOf,
  resume,
  spawn,
  toEnd,
  withTinyData,
  works,
} from "./tiny_run.ts";

const RUN = "00000-tiny-data";
const LONG = "4:4::0:20k,8:4::4k:4k"; // never over before it is stopped

/** Starts a long run, lets it make five steps, and hands it over. */
async function withRunning(
  folder: string,
  test: (child: Deno.ChildProcess, lines: AsyncGenerator<string>) => Promise<void>,
): Promise<string> {
  const child = spawn(newRun({ folder, schedule: LONG, more: ["--checkpoint-every", "100000"] }));
  const errors = new Response(child.stderr).text();
  const lines = linesOf(child.stdout);
  let steps = 0;
  while (steps < 5) {
    const { value, done } = await lines.next();
    assert.ok(!done, "the run ended too early");
    if (value.startsWith("step ")) steps++;
  }
  await test(child, lines);
  return await errors;
}

async function readAll(lines: AsyncGenerator<string>): Promise<string> {
  let text = "";
  for await (const line of lines) text += line + "\n";
  return text;
}

/** Where a stopped run stands, proved intact. */
async function stoppedAt(folder: string): Promise<number> {
  const last = await loadNewestIntact(join(folder, "runs", RUN), { onSkipped: assert.fail });
  return last?.imagesSeen ?? 0;
}

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
  Deno.test(`${signal} writes a checkpoint and ends well`, () =>
    withTinyData(async (folder) => {
      const errors = await withRunning(folder, async (child, lines) => {
        child.kill(signal);
        const text = await readAll(lines);
        assert.equal((await child.status).code, 0);
        assert.match(text, /Stopped at \d+ images: .*\nGo on: +deno task train --resume 00000/);
      });
      assert.match(errors, /: writing a checkpoint; once more ends at once/);
      assert.ok(await stoppedAt(folder) >= 20);
    }));
}

/** A process that waits for signals, and is ready for them. */
async function startStopChild() {
  const script = fileURLToPath(new URL("./stop_child.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", script],
    stdout: "piped",
  }).spawn();
  const lines = linesOf(child.stdout);
  assert.equal((await lines.next()).value, "ready");
  return { child, lines };
}

Deno.test("Ctrl-C a second time ends at once with exit code 130; its own echo does not", async () => {
  const { child, lines } = await startStopChild();
  child.kill("SIGINT");
  assert.equal((await lines.next()).value, "first Ctrl-C");
  child.kill("SIGINT"); // as deno task passes it on
  const wait = new Promise((r) => setTimeout(r, 1100));
  const ended = await Promise.race([child.status.then(() => "ended"), wait.then(() => "alive")]);
  assert.equal(ended, "alive");
  child.kill("SIGINT");
  assert.equal((await child.status).code, 130);
  await lines.return(undefined);
});

Deno.test("SIGHUP that comes again, from shell and system, does not end the writing of the checkpoint", async () => {
  const { child, lines } = await startStopChild();
  child.kill("SIGHUP");
  assert.equal((await lines.next()).value, "first the terminal closed");
  child.kill("SIGHUP");
  const wait = new Promise((r) => setTimeout(r, 300));
  const ended = await Promise.race([child.status.then(() => "ended"), wait.then(() => "alive")]);
  assert.equal(ended, "alive");
  child.kill("SIGTERM"); // asked for by somebody
  const { code, signal } = await child.status;
  assert.deepEqual([code, signal], [130, null]);
  await lines.return(undefined);
});

Deno.test("a closed terminal ends nothing: the run goes on, then SIGHUP writes its checkpoint", () =>
  withTinyData(async (folder) => {
    await withRunning(folder, async (child, lines) => {
      await lines.return(undefined); // the reader is gone: writing fails from now on
      const log = join(folder, "runs", RUN, "stats.jsonl");
      const { size } = await Deno.stat(log);
      while ((await Deno.stat(log)).size <= size + 300) await new Promise((r) => setTimeout(r, 20));
      child.kill("SIGHUP");
      assert.equal((await child.status).code, 0);
    });
    assert.ok(await stoppedAt(folder) > 20);
  }));

const terminals = works("script", ["-qec", "true", "/dev/null"]);

Deno.test({
  name: "Ctrl-C typed into deno task in a terminal writes a checkpoint and says how to go on",
  ignore: !terminals,
  fn: () =>
    withTinyData(async (folder) => {
      // Its steps leave the event loop free, so that no signal waits for another.
      const backend = await hasTensorFlow() ? "tensorflow" : "wasm";
      const more = ["--checkpoint-every", "100000"];
      const args = newRun({ folder, schedule: LONG, backend, more });
      const command = [Deno.execPath(), "task", ...args].map((word) => `'${word}'`).join(" ");
      const terminal = new Deno.Command("script", {
        args: ["-qec", command, "/dev/null"],
        cwd: new URL("../..", import.meta.url),
        env: { NO_COLOR: "1" },
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      const text = new Response(terminal.stdout).text();
      const stats = join(folder, "runs", RUN, "stats.jsonl");
      const length = () => Deno.stat(stats).then(({ size }) => size, () => 0);
      while (await length() < 1000) await new Promise((r) => setTimeout(r, 20));
      const keyboard = terminal.stdin.getWriter();
      await keyboard.write(Uint8Array.of(3)); // the terminal makes SIGINT of it, for all in the foreground
      const { code } = await terminal.status;
      await keyboard.close().catch(() => {}); // its reader is gone
      assert.match(
        await text,
        /Stopped at \d+ images: Ctrl-C\r?\nGo on: +deno task train --resume 00000/,
      );
      assert.equal(code, 0);
      assert.ok(await stoppedAt(folder) > 20);
    }),
});

Deno.test({
  name: "a terminal that is closed hangs up on the run, which writes its checkpoint",
  ignore: !terminals,
  fn: () =>
    withTinyData(async (folder) => {
      const args = newRun({ folder, schedule: LONG, more: ["--checkpoint-every", "100000"] });
      const command = [Deno.execPath(), ...childArguments(args)].map((word) => `'${word}'`).join(
        " ",
      );
      // script(1) holds the terminal's other end: killed, the terminal is gone, as when its window is closed.
      const pids = join(folder, "pid");
      const terminal = new Deno.Command("script", {
        args: ["-qec", `echo $$ > ${pids}; exec ${command}`, "/dev/null"],
        stdin: "null",
        stdout: "null",
      }).spawn();
      const stats = join(folder, "runs", RUN, "stats.jsonl");
      const length = () => Deno.stat(stats).then(({ size }) => size, () => 0);
      while (await length() < 1000) await new Promise((r) => setTimeout(r, 20));
      const pid = Number(await Deno.readTextFile(pids));
      assert.match(await Deno.readTextFile(`/proc/${pid}/cmdline`), /main\.ts/);
      terminal.kill("SIGKILL");
      await terminal.status;
      while (await Deno.stat(`/proc/${pid}`).then(() => true, () => false)) {
        await new Promise((r) => setTimeout(r, 20));
      }
      assert.ok(await stoppedAt(folder) > 20);
      assert.match(
        await Deno.readTextFile(join(folder, "runs", RUN, "log.txt")),
        /Stopped: the terminal closed/,
      );
    }),
});

Deno.test("a second process that would train a run is told which one does, and the first goes on", () =>
  withTinyData(async (folder) => {
    await withRunning(folder, async (child, lines) => {
      const reading = readAll(lines);
      const second = await inProcess(resume({ folder }));
      assert.equal(second.code, 1);
      assert.match(second.err, new RegExp(`process ${child.pid} on .* is training this run since`));
      child.kill("SIGTERM");
      assert.match(await reading, /Stopped at \d+ images/);
      assert.equal((await child.status).code, 0);
    });
    assert.ok(await stoppedAt(folder) > 20);
  }));

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
      // A file fills the disk during the fourth step and goes in the sixteenth; another stays from the twentieth on.
      const script = `mount -t tmpfs -o size=3m tmpfs "$1" && shift && exec "$@"`;
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
      const full = await toEnd("unshare", command([]), `disk@76-999@${join(runs, "fill")}`);
      assert.equal(full.code, 1);
      assert.match(full.out, / checkpoint checkpoints\/000000064 /);
      assert.match(full.err, /error: Cannot write the checkpoint at 128 images .*No space left/);
    }),
});

Deno.test({
  name:
    "growth that a container's memory limit leaves no room for is told and saved before it is tried",
  ignore: !mounts,
  fn: () =>
    withTinyData(async (folder) => {
      // Another /sys/fs/cgroup, in which the process's groups have nothing left.
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
      const saved = at(/^36 +checkpoint checkpoints\/000000036 /); // not one of every 16 images
      const grown = at(/^36 +8 px fade/);
      assert.ok(told > 0 && told < saved && saved < grown, ended.out);
      assert.match(ended.out, /Finished at 48 images/);
    }),
});

Deno.test({
  name: "a folder of runs that can't be written is told with what to do",
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
      assert.equal(code, 1);
      assert.match(
        err,
        /error: Cannot make a run in .*fixed: .*Read-only file system.* Choose another by --runs/,
      );
    }),
});

Deno.test("a run store that another process locks while training is told once; the run goes on", () =>
  withTinyData(async (folder) => {
    const kv = join(folder, "runs", "cambium.kv"), log = join(folder, "runs", RUN, "log.txt");
    await withRunning(folder, async (child, lines) => {
      const reading = readAll(lines);
      await whileHeld("lock-kv", kv, async () => {
        const told = /The run store \(Deno KV\) failed: .* It is switched off; training goes on/g;
        while (!told.test(await Deno.readTextFile(log))) {
          await new Promise((r) => setTimeout(r, 100));
        }
        child.kill("SIGTERM");
        assert.equal((await child.status).code, 0); // with the store still locked
        assert.equal((await Deno.readTextFile(log)).match(told)?.length, 1);
      });
      await reading;
    });
    assert.ok(await stoppedAt(folder) > 20);
  }));
