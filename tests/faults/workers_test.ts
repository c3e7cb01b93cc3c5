/** Several processes that train one run. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { float32Values, readCheckpoint } from "../../core/checkpoint/mod.ts";
import { freeAddresses } from "../../core/workers/free_addresses.ts";
import { childArguments, hasTensorFlow, newRun, resultOf, resume } from "./tiny_run.ts";
import { toEnd, withTinyData } from "./tiny_run.ts";

const ignore = !await hasTensorFlow();
const schedule = "4:4::0:32,8:4::32:32";

/** Trains with separate processes. */
const train = (args: string[], ...more: string[]) =>
  toEnd(Deno.execPath(), childArguments([...args, "--json", ...more]));

/** Every weight, moment and average of a checkpoint, by file and path. */
async function weightsOf(folder: string): Promise<Map<string, Float32Array>> {
  const { files } = await readCheckpoint(folder);
  return new Map(
    Object.entries(files).flatMap(([file, entries]) =>
      Object.entries(entries).filter(([, { dtype }]) => dtype === "F32")
        .map(([path, entry]) => [`${file} ${path}`, float32Values(entry)] as const)
    ),
  );
}

Deno.test({
  name: "two workers come to what one comes to, within rounding; stopped and resumed, to the same",
  ignore,
  fn: () =>
    withTinyData(async (folder) => {
      const options = (runs: string) => ({
        ...{ folder, runs: join(folder, runs), backend: "tensorflow", schedule },
      });
      const checkpointOf = async (args: string[], ...more: string[]) => {
        const ended = await train(args, ...more);
        const { digest, folder, path } = resultOf(ended) as Record<string, string> & {
          digest: string;
          imagesSeen: number;
        };
        return { digest, at: join(folder!, path!) }; // --json reports both
      };
      const one = await checkpointOf(newRun(options("one")));
      const two = await checkpointOf(newRun(options("two")), "--workers", "2");
      await checkpointOf(newRun(options("cut")), "--workers", "2", "--images", "48");
      const more = ["--workers", "2", "--images", "0"];
      const resumed = await checkpointOf(resume(options("cut")), ...more);
      assert.equal(resumed.digest, two.digest);
      const expected = await weightsOf(one.at), received = await weightsOf(two.at);
      assert.deepEqual([...received.keys()], [...expected.keys()]);
      for (const [path, values] of expected) {
        const scale = Math.max(1e-3, ...values.map(Math.abs));
        const others = received.get(path)!; // the same keys
        values.forEach((value, i) => {
          assert.ok(Math.abs(value - others[i]!) < 1e-4 * scale, `${path}: ${value}, ${others[i]}`);
        });
      }
    }),
});

Deno.test({
  name: "with --minutes worker 0 plans for all, and the plan is kept",
  ignore,
  fn: () =>
    withTinyData(async (folder) => {
      const [command, ...args] = newRun({ folder, backend: "tensorflow", schedule: "4:4,8:4" });
      const budget = ["--minutes", "5", "--workers", "2", "--stop-after", "1s"];
      const ended = await train([command!, ...args, ...budget]);
      const { folder: run, status } = resultOf(ended) as unknown as Record<string, string>;
      assert.equal(status, "stopped");
      const kept = JSON.parse(await Deno.readTextFile(join(run!, "config.json")));
      assert.equal(kept.plan.minutes, 5);
      const resumed = await train(
        resume({ folder, backend: "tensorflow" }),
        ...["--workers", "2", "--stop-after", "1s"],
      );
      assert.equal(resumed.code, 0, resumed.err);
    }),
});

Deno.test({
  name: "workers of another option are refused by name, and batches that can't be divided",
  ignore,
  fn: () =>
    withTinyData(async (folder) => {
      const args = newRun({ folder, backend: "tensorflow", schedule });
      const [first, second] = twoPlaces();
      const both = await Promise.all([
        train(args, ...first!),
        train(args, ...second!, "--beta2", "0.9"),
      ]);
      for (const { code, err } of both) {
        assert.equal(code, 2, err);
        assert.match(
          err,
          /received from worker 1 \(127\.0\.0\.1:\d+\) other options than worker 0/,
        );
      }
      await assert.rejects(Deno.stat(join(folder, "runs"))); // no run was started
      const uneven = await train(args, "--workers", "3");
      assert.equal(uneven.code, 2, uneven.err);
      assert.match(uneven.err, /Cannot share a batch out at 4 px: .* 3 workers .*received 4/);
      const wasm = await train(newRun({ folder }), "--workers", "2");
      assert.match(wasm.err, /Cannot train with several workers on the wasm backend/);
    }),
});

/** Addresses of two workers on this machine. */
const twoPlaces = () => {
  const addresses = freeAddresses(2);
  return addresses.map((_, rank) => ["--cluster", addresses.join(), "--rank", String(rank)]);
};

Deno.test({
  name: "workers that are killed or frozen are brought back by --restarts, and end in the same",
  ignore: ignore || Deno.build.os === "windows", // Windows has no such signals
  fn: () =>
    withTinyData(async (folder) => {
      const args = (runs: string) =>
        newRun({ folder, runs: join(folder, runs), backend: "tensorflow", schedule });
      /** Runs with a fault that hits a worker after the checkpoint at 32 images. */
      const faulty = async (name: string, signal: string) => {
        await Deno.mkdir(join(folder, name));
        await Deno.writeTextFile(join(folder, name, "40"), signal);
        return `signal@${join(folder, name)}`;
      };
      const quiet = resultOf(await train(args("quiet"), "--workers", "2"));
      const stats = await Deno.readTextFile(join(folder, "quiet/00000-tiny-data/stats.jsonl"));
      for (const name of ["rate", "wait", "lag"]) { // for both workers
        assert.match(
          stats,
          new RegExp(`"worker_${name}/0":[\\d.e-]+.*"worker_${name}/1":[\\d.e-]+`),
        );
      }

      const command = [...args("killed"), "--json", "--workers", "2", "--restarts", "1"];
      const killed = await toEnd(
        Deno.execPath(),
        childArguments(command),
        await faulty("kill", "SIGKILL 1"),
      );
      assert.match(
        killed.err,
        /worker 1 was ended by SIGKILL: starting again from the last checkpoint of 00000-tiny-data \(restart 1 of 1\)/,
      );
      assert.match(
        killed.err,
        /worker 1 \(127\.0\.0\.1:\d+\) is gone: its process ended or crashed/,
      );
      assert.equal(resultOf(killed).digest, quiet.digest);

      const fault = await faulty("freeze", "SIGSTOP 1");
      const [first, second] = await Promise.all(
        twoPlaces().map((place) => {
          const command = [...args("frozen"), "--json", ...place, "--restarts", "1"];
          return toEnd(Deno.execPath(), childArguments(command), fault);
        }),
      );
      assert.match(
        first!.err,
        /worker 1 \(\S+\) has not been heard from for 7 s: frozen, or the net/,
      );
      assert.match(second!.err, /worker 1 is frozen and will be killed/);
      assert.equal(second!.code, 0, second!.err);
      assert.equal(resultOf(first!).digest, quiet.digest);
    }),
});
