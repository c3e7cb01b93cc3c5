import assert from "node:assert/strict";
import { hostPort } from "../../host_port.ts";
import type { WorkerRow } from "../worker_pace.ts";
import { freeAddresses } from "../free_addresses.ts";
import { expectReachable } from "./listen_at.ts";
import { watchAddress } from "./watch_address.ts";
import { type WatchTimes, watchWorkers, type WorkersWatch } from "./watch_workers.ts";

/** Short timeouts that still suffice on a busy machine. */
const TIMES: WatchTimes = { beat: 100, silence: 1500, tell: 300, join: 60_000 };

/** A watch, and promises of its events. */
function watched(
  addresses: readonly string[],
  rank: number,
  times: Partial<WatchTimes> = {},
  listen?: string,
) {
  const joined = Promise.withResolvers<void>(), waiting = Promise.withResolvers<string>();
  const lost = Promise.withResolvers<{ message: string; exitCode: number }>();
  const run = Promise.withResolvers<string>(), paces = Promise.withResolvers<WorkerRow[]>();
  const watch: WorkersWatch = watchWorkers({
    place: { addresses, rank, ...(listen ? { listen } : {}) },
    times: { ...TIMES, ...times },
    onWaiting: waiting.resolve,
    onJoined: joined.resolve,
    onLost: lost.resolve,
    onRun: run.resolve,
    onPaces: paces.resolve,
  });
  const [j, w, l, r] = [joined.promise, waiting.promise, lost.promise, run.promise];
  return { joined: j, waiting: w, lost: l, run: r, paces: paces.promise, ...watch };
}

const leave = (watches: readonly { leave: WorkersWatch["leave"] }[]) =>
  Promise.all(watches.map((watch) => watch.leave(0, "")));

Deno.test("workers meet in any order, hear of the run, and take leave without being lost", async () => {
  const addresses = freeAddresses(3);
  const [second, third] = [watched(addresses, 1), watched(addresses, 2)];
  assert.equal(await third.waiting, `worker 0 (${addresses[0]})`);
  const first = watched(addresses, 0);
  await Promise.all([first, second, third].map(({ joined }) => joined));
  first.tellRun("0001-stylegan-emoji");
  assert.equal(await second.run, "0001-stylegan-emoji");
  assert.equal(await third.run, "0001-stylegan-emoji");
  for (const [rank, watch] of [first, second, third].entries()) {
    watch.tellPace({ imagesSeen: 64, imagesPerSecond: 10 + rank, waiting: 0 });
  }
  assert.deepEqual((await first.paces).map((row) => row.imagesPerSecond), [10, 11, 12]);
  await third.leave(0, "");
  // longer than a silence
  const still = new Promise((resolve) => setTimeout(() => resolve("still there"), 2000));
  assert.equal(await Promise.race([first.lost, second.lost, still]), "still there");
  await leave([first, second]);
});

Deno.test("a worker that ends with an error is named by all, and they end as it did", async () => {
  const addresses = freeAddresses(3);
  const all = [0, 1, 2].map((rank) => watched(addresses, rank));
  await Promise.all(all.map(({ joined }) => joined));
  await all[1]!.leave(2, "Cannot open the data: no such folder");
  for (const rank of [0, 2]) {
    const { message, exitCode } = await all[rank]!.lost;
    assert.match(
      message,
      /worker 1 \(127\.0\.0\.1:\d+\) ended with an error: Cannot open the data/,
    );
    assert.equal(exitCode, 2);
  }
  await leave([all[0]!, all[2]!]);
});

Deno.test("a worker that is cut off is noticed by the others, and notices that it is", async () => {
  // worker 0 listens at 127.0.0.1; the others reach it through a proxy at 127.0.0.2
  const [own, ...others] = freeAddresses(3);
  const addresses = [`127.0.0.2:${hostPort(own!).port}`, ...others]; // of three
  const proxy = cuttable(watchAddress(addresses[0]!), "127.0.0.1");
  const first = watched(addresses, 0, {}, "127.0.0.1");
  const rest = [watched(addresses, 1), watched(addresses, 2)];
  await Promise.all([first, ...rest].map(({ joined }) => joined));
  proxy.cut();
  for (const { lost } of rest) {
    const { message, exitCode } = await lost;
    assert.match(
      message,
      /worker 0 \(127\.0\.0\.2:\d+\) has not been heard from for 2 s: frozen, or/,
    );
    assert.equal(exitCode, 75);
  }
  assert.match((await first.lost).message, /As all others are silent, this machine may be the one/);
  await leave([first, ...rest]);
  proxy.close();
});

Deno.test("a worker that never comes is named, and waited for no longer than is asked", async () => {
  const addresses = freeAddresses(2);
  const first = watched(addresses, 0, { join: 1000 });
  assert.equal(await first.waiting, `worker 1 (${addresses[1]})`);
  const { message, exitCode } = await first.lost;
  assert.match(message, /worker 1 \(127\.0\.0\.1:\d+\) did not come within 1 s\. .*--join-timeout/);
  assert.equal(exitCode, 75);
  await leave([first]);
});

Deno.test("other clusters, ranks that are taken, and strangers are kept out", async () => {
  const addresses = freeAddresses(2);
  const first = watched(addresses, 0);
  const stranger = await Deno.connect(watchAddress(addresses[0]!));
  await stranger.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
  assert.equal(await stranger.read(new Uint8Array(9)), null);
  stranger.close();
  const other = watched([addresses[0]!, ...freeAddresses(1)], 1);
  const { message, exitCode } = await other.lost;
  assert.match(message, /expected the same --cluster and a --rank of its own on all/);
  assert.equal(exitCode, 2);
  const second = watched(addresses, 1);
  await Promise.all([first.joined, second.joined]);
  const twice = watched(addresses, 1, {}, "127.0.0.2");
  assert.match(await twice.waiting, /still with an earlier process of rank 1/);
  await leave([first, second, other, twice]);
});

Deno.test("a port that is taken, and an address of another machine, are told of", () => {
  const addresses = freeAddresses(2), taken = Deno.listen(watchAddress(addresses[0]!));
  assert.throws(
    () => watched(addresses, 0),
    /Cannot listen at 127\.0\.0\.1:\d+ for the other workers: another program listens there/,
  );
  taken.close();
  assert.throws(
    () => watched(["192.0.2.1:4701", ...addresses], 0),
    /expected an address of this machine, received .* Is --rank right\? .*--listen/,
  );
});

Deno.test("a machine's name that leads to loopback is refused where others are elsewhere", () => {
  assert.throws(
    () => expectReachable("127.0.1.1", "node1", ["node1", "node2"]),
    /this machine resolves its own name to 127\.0\.1\.1, .* Give --listen 0\.0\.0\.0 here/,
  );
  expectReachable("127.0.1.1", "node1", ["node1", "node1"]);
  expectReachable("127.0.0.1", "127.0.0.1", ["127.0.0.1", "node2"]);
  expectReachable("10.0.0.1", "node1", ["node1", "node2"]);
});

/** A proxy that can be cut: it then keeps connections open but forwards nothing. */
function cuttable(at: Deno.ConnectOptions, hostname: string) {
  const listener = Deno.listen({ ...at, port: at.port });
  const open: Deno.Conn[] = [];
  let isCut = false;
  const pass = async (from: Deno.Conn, to: Deno.Conn) => {
    const buffer = new Uint8Array(4096);
    for (let n; (n = await from.read(buffer)) !== null;) {
      if (!isCut) await to.write(buffer.subarray(0, n));
    }
  };
  (async () => {
    for await (const from of listener) {
      const to = await Deno.connect({ hostname, port: at.port });
      open.push(from, to);
      pass(from, to).catch(() => {});
      pass(to, from).catch(() => {});
    }
  })().catch(() => {}); // closed
  return {
    cut: () => void (isCut = true),
    close() {
      listener.close();
      open.forEach((connection) => connection.close());
    },
  };
}
