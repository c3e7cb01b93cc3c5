/** Workers that are blocked in a native call are still watched. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { freeAddresses } from "../../core/workers/free_addresses.ts";
import { canMakeHosts, withHosts } from "./hosts.ts";
import { linesOf } from "./tiny_run.ts";

const CHILD = fileURLToPath(new URL("./watch_child.ts", import.meta.url));

/** Starts a worker. @param within a command that runs it, such as `ip netns exec NAME` */
function start(addresses: readonly string[], rank: number, within: readonly string[] = []) {
  const [command, ...args] = [
    ...[...within, Deno.execPath(), "run", "-A", "--no-check", "--quiet", CHILD],
    ...[addresses.join(), String(rank)],
  ];
  const child = new Deno.Command(command!, { // at least one word
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text(), lines = linesOf(child.stdout);
  return { child, said, together: lines.next() };
}

/** Checks how it ended: only its watch can end it with 75. */
async function endOf({ child, said }: ReturnType<typeof start>) {
  const { code } = await child.status;
  return { code, said: await said };
}

Deno.test({
  name: "a worker that is frozen ends the others, though their main thread is held up",
  ignore: Deno.build.os === "windows", // Windows has no SIGSTOP
  fn: async () => {
    const addresses = freeAddresses(3);
    const workers = [0, 1, 2].map((rank) => start(addresses, rank));
    const [first, frozen, third] = workers;
    for (const { together } of workers) assert.equal((await together).value, "together");
    frozen!.child.kill("SIGSTOP");
    for (const ended of await Promise.all([endOf(first!), endOf(third!)])) {
      assert.equal(ended.code, 75, ended.said);
      assert.match(
        ended.said,
        /error: .*: worker 1 \(\S+\) has not been heard from for 7 s: frozen,/,
      );
    }
    frozen!.child.kill("SIGCONT"); // it learns what happened to the others
    const { code, said } = await endOf(frozen!);
    assert.equal(code, 75, said);
    assert.match(said, /lost this worker|is gone/);
  },
});

Deno.test({
  name: "a worker whose network is cut is noticed by the others, and notices it",
  ignore: !canMakeHosts(), // not on Linux, or not root
  fn: () =>
    withHosts(3, async ({ addresses, within, wire }) => {
      const workers = addresses.map((_, rank) => start(addresses, rank, within(rank)));
      for (const { together, said } of workers) {
        const { value } = await together;
        assert.equal(value, "together", value ?? await said);
      }
      wire(1, "down");
      const ended = await Promise.all(workers.map(endOf));
      for (const { code, said } of ended) assert.equal(code, 75, said);
      const [first, cut, third] = ended;
      for (const { said } of [first!, third!]) {
        assert.match(said, /: worker 1 \(10\.213\.77\.2:4701\)/);
      }
      assert.match(
        cut!.said,
        /workers 0 .* have not been heard from .*this machine may be the one that is cut off/,
      );
    }),
});
