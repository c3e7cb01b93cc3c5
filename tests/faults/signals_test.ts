/** Signals, Ctrl-C in a terminal, and a terminal that is closed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withFolder } from "../../core/testing/with_folder.ts";
import { LONG, readAll, RUN, stoppedAt, withRunning } from "./long_run.ts";
import { childArguments, hasTensorFlow, linesOf, newRun, withTinyData, works } from "./tiny_run.ts";

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT", "SIGUSR1", "SIGUSR2", "SIGXCPU"] as const) {
  Deno.test(`${signal} writes a checkpoint and ends well`, () =>
    withTinyData(async (folder) => {
      const errors = await withRunning(folder, async (child, lines) => {
        child.kill(signal);
        const text = await readAll(lines);
        assert.equal((await child.status).code, 0);
        assert.match(text, /Stopped at \d+ images: .*\nGo on: +deno task train --resume 00000/);
      });
      assert.match(errors, /: writing a checkpoint/);
      const endsAtOnce = signal === "SIGTERM" || signal === "SIGINT";
      assert.equal(errors.includes("once more ends at once"), endsAtOnce);
      assert.ok(await stoppedAt(folder) >= 20);
    }));
}

/** A process that waits for signals and is ready for them. */
async function startStopChild(...args: string[]) {
  const script = fileURLToPath(new URL("./stop_child.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", script, ...args],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = linesOf(child.stdout);
  assert.equal((await lines.next()).value, "ready");
  return { child, lines };
}

Deno.test(
  "Ctrl-C a second time ends at once with exit code 130; its own echo does " +
    "not",
  async () => {
    const { child, lines } = await startStopChild();
    child.kill("SIGINT");
    assert.equal((await lines.next()).value, "first Ctrl-C");
    child.kill("SIGINT"); // as deno task forwards it
    const wait = new Promise((r) => setTimeout(r, 1100));
    const ended = await Promise.race([child.status.then(() => "ended"), wait.then(() => "alive")]);
    assert.equal(ended, "alive");
    child.kill("SIGINT");
    assert.equal((await child.status).code, 130);
    await lines.return(undefined);
  },
);

Deno.test(
  "the echo of Ctrl-C that comes when all is written does not end the " +
    "process",
  async () => {
    const { child, lines } = await startStopChild("end");
    child.kill("SIGINT");
    assert.equal((await lines.next()).value, "first Ctrl-C");
    assert.equal((await lines.next()).value, "stopped");
    child.kill("SIGINT");
    const wait = new Promise((r) => setTimeout(r, 300));
    const ended = await Promise.race([child.status.then(() => "ended"), wait.then(() => "alive")]);
    assert.equal(ended, "alive");
    await child.stdin.close();
    const { code, signal } = await child.status;
    assert.deepEqual([code, signal], [0, null]);
    await lines.return(undefined);
  },
);

Deno.test(
  "SIGHUP that comes again, from shell and system, does not end the writing of the " +
    "checkpoint",
  async () => {
    const { child, lines } = await startStopChild();
    child.kill("SIGHUP");
    assert.equal((await lines.next()).value, "first the terminal closed");
    child.kill("SIGHUP");
    const wait = new Promise((r) => setTimeout(r, 300));
    const ended = await Promise.race([child.status.then(() => "ended"), wait.then(() => "alive")]);
    assert.equal(ended, "alive");
    child.kill("SIGTERM"); // sent by a person
    const { code, signal } = await child.status;
    assert.deepEqual([code, signal], [130, null]);
    await lines.return(undefined);
  },
);

Deno.test(
  "a scheduler's SIGTERM after its warning does not end the writing of the checkpoint; " +
    "Ctrl-C does",
  async () => {
    const { child, lines } = await startStopChild();
    child.kill("SIGUSR2");
    assert.equal((await lines.next()).value, "first SIGUSR2");
    child.kill("SIGUSR2");
    child.kill("SIGTERM");
    const wait = new Promise((r) => setTimeout(r, 300));
    const ended = await Promise.race([child.status.then(() => "ended"), wait.then(() => "alive")]);
    assert.equal(ended, "alive");
    child.kill("SIGINT");
    const { code, signal } = await child.status;
    assert.deepEqual([code, signal], [130, null]);
    await lines.return(undefined);
  },
);

Deno.test("SIGUSR1 leaves no debugger open", async () => {
  const guard = new URL("../../core/guard_debugger.ts", import.meta.url).href;
  const source = `import inspector from "node:inspector";
    const { guardDebugger } = await import(${JSON.stringify(guard)});
    await guardDebugger(() => console.log("closed", inspector.url()));
    console.log("ready");
    setInterval(() => {}, 1000);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", source],
    stdout: "piped",
    stderr: "null", // Deno prints there that its debugger listens
  }).spawn();
  const lines = linesOf(child.stdout);
  assert.equal((await lines.next()).value, "ready");
  for (let time = 0; time < 2; time++) {
    child.kill("SIGUSR1");
    assert.equal((await lines.next()).value, "closed undefined");
  }
  child.kill("SIGKILL");
  await child.status;
  await lines.return(undefined);
});

Deno.test("SIGUSR1 ends a command that has no checkpoint to write", () =>
  withFolder(async (folder) => {
    const command = new Deno.Command(Deno.execPath(), {
      args: childArguments(["web", "--port", "0", "--no-explore"]),
      cwd: folder,
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const output = linesOf(command.stdout);
    assert.match(String((await output.next()).value), /^Dashboard/);
    command.kill("SIGUSR1");
    assert.equal((await command.status).code, 138);
    await output.return(undefined);
  }));

Deno.test(
  "a closed terminal ends nothing: the run goes on, then SIGHUP writes its " +
    "checkpoint",
  () =>
    withTinyData(async (folder) => {
      await withRunning(folder, async (child, lines) => {
        await lines.return(undefined); // the reader is gone, so writing fails from now on
        const log = join(folder, "runs", RUN, "stats.jsonl");
        const { size } = await Deno.stat(log);
        while ((await Deno.stat(log)).size <= size + 300) {
          await new Promise((r) => setTimeout(r, 20));
        }
        child.kill("SIGHUP");
        assert.equal((await child.status).code, 0);
      });
      assert.ok(await stoppedAt(folder) > 20);
    }),
);

const terminals = works("script", ["-qec", "true", "/dev/null"]);

Deno.test({
  name: "Ctrl-C typed into deno task in a terminal writes a checkpoint and says how to go on",
  ignore: !terminals,
  fn: () =>
    withTinyData(async (folder) => {
      // Its steps leave the event loop free, so that signals are handled at once.
      const backend = await hasTensorFlow() ? "tensorflow" : "wasm";
      const more = ["--checkpoint-every", "100000"];
      const args = newRun({ folder, schedule: LONG, backend, more });
      const command = [Deno.execPath(), "task", ...args].map((word) => `'${word}'`).join(" ");
      const terminal = new Deno.Command("script", {
        // script(1) starts a shell, which Ctrl-C would end as well (with 130), so the command
        // replaces it.
        args: ["-qec", `exec ${command}`, "/dev/null"],
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
      // the terminal turns it into SIGINT for the foreground processes
      await keyboard.write(Uint8Array.of(3));
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
      // script(1) holds the other end of the terminal. Killing it closes the terminal, like closing
      // its window.
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
