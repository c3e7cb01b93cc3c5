/** A network that is cut off while TensorFlow sums over it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { canMakeHosts, withHosts } from "./hosts.ts";
import { childArguments, hasTensorFlow, linesOf, newRun, resultOf, toEnd } from "./tiny_run.ts";
import { withTinyData } from "./tiny_run.ts";

const LOST = "a worker was lost: starting again from the last checkpoint of 00000-tiny-data";

/** Starts a command and collects its output. */
function start(command: readonly string[], fault: string) {
  const child = new Deno.Command(command[0]!, { // the command has at least one word
    args: command.slice(1),
    env: { CAMBIUM_TINY_FAULT: fault, NO_COLOR: "1" },
    ...{ stdin: "null", stdout: "piped", stderr: "piped" },
  }).spawn();
  const lost = Promise.withResolvers<void>(), out = new Response(child.stdout).text();
  let err = "";
  const heard = (async () => {
    for await (const line of linesOf(child.stderr)) {
      err += `${line}\n`;
      if (line.includes(LOST)) lost.resolve();
    }
    lost.reject(new Error(`expected "${LOST}", received\n${err}`));
  })();
  lost.promise.catch(() => {}); // whoever waits for it sees the error
  const ended = async () => {
    const { code } = await child.status;
    await heard;
    return { code, out: await out, err };
  };
  return { lost: lost.promise, ended: ended() };
}

/** Waits for a file that one of the workers creates. */
async function appears(path: string, workers: readonly ReturnType<typeof start>[]): Promise<void> {
  let over: string | undefined;
  for (const { ended } of workers) void ended.then(({ err }) => over ??= err);
  while (!await Deno.stat(path).then(() => true, () => false)) {
    if (over !== undefined) {
      throw new Error(`expected ${path}, received a worker that ended\n${over}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

Deno.test({
  name:
    "a training whose network is cut ends on both sides, and goes on to the same when it is back",
  ignore: !canMakeHosts() || !await hasTensorFlow(), // not on Linux, or not root
  fn: () =>
    withTinyData((folder) =>
      withHosts(2, async ({ addresses, within, wire }) => {
        const args = (runs: string) =>
          newRun({
            folder,
            runs: join(folder, runs),
            backend: "tensorflow",
            schedule: "4:4::0:64",
          });
        const at4 = ["--start-resolution", "4", "--resolution", "4", "--json"];
        const alone = childArguments([...args("quiet"), ...at4, "--workers", "2"]);
        const quiet = resultOf(await toEnd(Deno.execPath(), alone));

        // After the checkpoint at 32 images one worker pauses, and the other waits for its sums.
        const hold = join(folder, "hold");
        await Deno.mkdir(hold);
        await Deno.writeTextFile(join(hold, "40"), "HOLD 0");
        const workers = addresses.map((_, rank) => {
          const place = ["--cluster", addresses.join(), "--rank", String(rank), "--restarts", "1"];
          const command = childArguments([...args("cut"), ...at4, ...place]);
          return start([...within(rank), Deno.execPath(), ...command], `signal@${hold}`);
        });
        await appears(join(hold, "40.held"), workers);
        wire(1, "down");
        await Deno.remove(join(hold, "40.held"));
        await Promise.all(workers.map(({ lost }) => lost));
        wire(1, "up"); // the messages below show that the watches noticed it, not timers
        const [first, second] = await Promise.all(workers.map(({ ended }) => ended));
        assert.match(
          first!.err,
          /worker 1 \(10\.213\.77\.2:4701\) has not been heard from for 7 s/,
        );
        assert.match(
          second!.err,
          /worker 0 \(10\.213\.77\.1:4701\) has not been heard from for 7 s/,
        );
        assert.equal(second!.code, 0, second!.err);
        assert.equal(resultOf(first!).digest, quiet.digest);
      })
    ),
});
