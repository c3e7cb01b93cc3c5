/** Workers that are held up inside a native call are watched all the same. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { freeAddresses } from "../../core/workers/free_addresses.ts";
import { linesOf, works } from "./tiny_run.ts";

const CHILD = fileURLToPath(new URL("./watch_child.ts", import.meta.url));

/** Starts a worker. @param within a command that starts it, such as `ip netns exec NAME` */
function start(addresses: readonly string[], rank: number, within: readonly string[] = []) {
  const [command, ...args] = [
    ...[...within, Deno.execPath(), "run", "-A", "--no-check", "--quiet", CHILD],
    ...[addresses.join(), String(rank)],
  ];
  const child = new Deno.Command(command!, { // one word at least
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text(), lines = linesOf(child.stdout);
  return { child, said, together: lines.next() };
}

/** How it ended, and after how long from now. */
async function endOf({ child, said }: ReturnType<typeof start>) {
  const begun = performance.now(), { code } = await child.status;
  return { code, seconds: (performance.now() - begun) / 1000, said: await said };
}

Deno.test({
  name: "a worker that is frozen ends the others, though their main thread is held up",
  ignore: Deno.build.os === "windows", // no SIGSTOP
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
        /error: .*: worker 1 \(\S+\) has not been heard of for 7 s: frozen,/,
      );
      assert.ok(ended.seconds < 60, `${ended.seconds} s`); // 10 s where the machine is quiet
    }
    frozen!.child.kill("SIGCONT"); // it hears what became of the others
    const { code, said } = await endOf(frozen!);
    assert.equal(code, 75, said);
    assert.match(said, /lost this worker|is gone/);
  },
});

const HOSTS = [0, 1, 2].map((i) => ({ name: `cambium${Deno.pid}-${i}`, ip: `10.213.77.${i + 1}` }));

Deno.test({
  name: "a worker whose network is cut is noticed by the others, and notices it",
  ignore: !["add", "del"].every((verb) => works("ip", ["netns", verb, HOSTS[0]!.name])), // Linux and root
  fn: async () => {
    const bridge = `cb${Deno.pid}`;
    const addresses = HOSTS.map(({ ip }) => `${ip}:4701`);
    try {
      ip("link", "add", bridge, "type", "bridge");
      ip("link", "set", bridge, "up");
      for (const [i, { name, ip: address }] of HOSTS.entries()) {
        ip("netns", "add", name);
        const wire = `${bridge}-${i}`;
        ip("link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", name);
        ip("link", "set", wire, "master", bridge);
        ip("link", "set", wire, "up");
        ip("-n", name, "addr", "add", `${address}/24`, "dev", "eth0");
        ip("-n", name, "link", "set", "eth0", "up");
        ip("-n", name, "link", "set", "lo", "up");
      }
      const workers = HOSTS.map(({ name }, rank) =>
        start(addresses, rank, ["ip", "netns", "exec", name])
      );
      for (const { together, said } of workers) {
        const { value } = await together;
        assert.equal(value, "together", value ?? await said);
      }
      ip("link", "set", `${bridge}-1`, "down"); // no end of a connection is told
      const ended = await Promise.all(workers.map(endOf));
      for (const { code, seconds, said } of ended) {
        assert.equal(code, 75, said);
        assert.ok(seconds < 60, `${seconds} s`); // 10 s where the machine is quiet
      }
      const [first, cut, third] = ended;
      for (const { said } of [first!, third!]) {
        assert.match(said, /: worker 1 \(10\.213\.77\.2:4701\)/);
      }
      assert.match(
        cut!.said,
        /workers 0 .* have not been heard of .*this machine may be the one that is cut off/,
      );
    } finally {
      for (const [i, { name }] of HOSTS.entries()) {
        works("ip", ["link", "del", `${bridge}-${i}`]);
        works("ip", ["netns", "del", name]);
      }
      works("ip", ["link", "del", bridge]);
    }
  },
});

function ip(...args: string[]): void {
  const { success, stderr } = new Deno.Command("ip", { args }).outputSync();
  assert.ok(success, `ip ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
