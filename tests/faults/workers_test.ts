/** Several processes that train one run. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { float32Values, readCheckpoint } from "../../core/checkpoint/mod.ts";
import {
  childArguments,
  hasTensorFlow,
  linesOf,
  newRun,
  resultOf,
  resume,
  spawn,
  toEnd,
  withTinyData,
} from "./tiny_run.ts";

const ignore = !await hasTensorFlow();
const schedule = "4:4::0:32,8:4::32:32";

/** Trains in processes of their own. */
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
        return { digest, at: join(folder!, path!) }; // --json tells both
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
  name: "workers of another option are refused by name, and batches that can't be divided",
  ignore,
  fn: () =>
    withTinyData(async (folder) => {
      const args = newRun({ folder, backend: "tensorflow", schedule });
      const free = [0, 1].map(() => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
      const addresses = free.map(({ addr }) => `127.0.0.1:${addr.port}`).join();
      free.forEach((listener) => listener.close());
      const [first, second] = await Promise.all([
        train(args, "--cluster", addresses, "--rank", "0"),
        train(args, "--cluster", addresses, "--rank", "1", "--beta2", "0.9"),
      ]);
      for (const { code, err } of [first, second]) {
        assert.equal(code, 2, err);
        assert.match(
          err,
          /received from worker 1 \(127\.0\.0\.1:\d+\) other options than worker 0/,
        );
      }
      const uneven = await train(args, "--workers", "3");
      assert.equal(uneven.code, 2, uneven.err);
      assert.match(uneven.err, /Cannot share a batch out at 4 px: .* 3 workers .*received 4/);
      const wasm = await train(newRun({ folder }), "--workers", "2");
      assert.match(wasm.err, /Cannot train with several workers on the wasm backend/);
    }),
});

Deno.test({
  name: "a worker that is killed ends the others with an error, and the run goes on from there",
  ignore: ignore || Deno.build.os !== "linux", // workers are found in /proc
  fn: () =>
    withTinyData(async (folder) => {
      const options = { folder, backend: "tensorflow", schedule: "4:4::0:4000k,8:4::32:32" };
      const process = spawn([...newRun(options), "--workers", "2"]);
      const said = new Response(process.stderr).text();
      for await (const line of linesOf(process.stdout)) {
        if (!/ checkpoint /.test(line)) continue;
        const children = await Deno.readTextFile(
          `/proc/${process.pid}/task/${process.pid}/children`,
        );
        const [second] = children.trim().split(" ").map(Number).filter((pid) =>
          Deno.readTextFileSync(`/proc/${pid}/cmdline`).split("\0").join(" ").includes("--rank 1")
        );
        Deno.kill(second!, "SIGKILL"); // one has that rank
        break;
      }
      const { code } = await process.status;
      assert.equal(code, 1);
      assert.match(await said, /error: Cannot run "\w+": TensorFlow says: /);
      const more = ["--workers", "2", "--stop-after", "1s"];
      const { imagesSeen } = resultOf(
        await train(resume({ folder, backend: "tensorflow" }), ...more),
      );
      assert.ok(imagesSeen >= 16, String(imagesSeen));
    }),
});
