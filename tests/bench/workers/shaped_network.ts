/**
 * Sums over a network of known speed: processes in network namespaces of this machine, with links
 * slowed down by `tc`, compared with the prediction of ring_model.ts. Run it as root on Linux:
 *
 * deno run -A tests/bench/workers/shaped_network.ts
 */
import { fileURLToPath } from "node:url";
import { type Hosts, withHosts } from "../../faults/hosts.ts";
import { linesOf } from "../../faults/tiny_run.ts";
import type { ReduceOrder } from "./reduce_side.ts";
import { ringSeconds } from "./ring_model.ts";

/** As in a plain step of the default model at 64 px with twice the channels there. */
const STEP = { count: 10, bytes: 9_569_940 };
/** The same number of almost empty messages. */
const EMPTY = { count: STEP.count, bytes: 4 * STEP.count };

const WORKERS = [2, 4, 8], MEGABITS = [100, 300, 1000], RUNS = 5;

/** Starts a process that sums with the others. */
function start(hosts: Hosts, rank: number) {
  const side = fileURLToPath(new URL("./reduce_side.ts", import.meta.url));
  const order: ReduceOrder = { place: { addresses: hosts.addresses, rank }, sums: [STEP, EMPTY] };
  const run = [Deno.execPath(), "run", "-A", "--no-check", side, JSON.stringify(order)];
  const [command, ...args] = [...hosts.within(rank), ...run];
  const child = new Deno.Command(command!, { // at least one word
    ...{ args, stdin: "piped", stdout: "piped", stderr: "null" },
  }).spawn();
  const writer = child.stdin.getWriter(), lines = linesOf(child.stdout);
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`Cannot measure: worker ${rank} has ended`);
    return value;
  };
  return {
    ready: line(),
    async run(which: number): Promise<number> {
      await writer.write(new TextEncoder().encode(`${which}\n`));
      return Number(await line()) / 1000;
    },
    async close() {
      await writer.close();
      await child.status;
    },
  };
}

/** Limits the outgoing bandwidth of each machine. */
function shape(hosts: Hosts, megabits: number): void {
  hosts.addresses.forEach((_, host) => {
    const how = ["root", "tbf", "rate", `${megabits}mbit`, "burst", "256kb", "latency", "400ms"];
    const [command, ...args] = [
      ...hosts.within(host),
      "tc",
      "qdisc",
      "replace",
      "dev",
      "eth0",
      ...how,
    ];
    const { success } = new Deno.Command(command!, { args }).outputSync(); // at least one word
    if (!success) throw new Error(`Cannot shape the network: ${args.join(" ")} failed`);
  });
}

if (import.meta.main) {
  console.log(
    "| workers | Mbit/s | messages alone, s | a step's sums, s | by the model, s | ratio |",
  );
  console.log("|--:|--:|--:|--:|--:|--:|");
  for (const workers of WORKERS) {
    await withHosts(workers, async (hosts) => {
      const sides = hosts.addresses.map((_, rank) => start(hosts, rank));
      await Promise.all(sides.map(({ ready }) => ready));
      const median = async (which: number) => {
        const times: number[] = [];
        for (let i = 0; i < RUNS; i++) {
          times.push(Math.max(...await Promise.all(sides.map((side) => side.run(which)))));
        }
        return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!; // in bounds
      };
      for (const megabits of MEGABITS) {
        shape(hosts, megabits);
        const empty = await median(1), whole = await median(0);
        // The latency is measured, because processes here share two processors.
        const latency = empty / (2 * (workers - 1) * EMPTY.count);
        const bandwidth = megabits * 1e6 / 8;
        const model = ringSeconds({ workers, ...STEP, bandwidth, latency });
        console.log(
          `| ${workers} | ${megabits} | ${empty.toFixed(3)} | ${whole.toFixed(3)} | ` +
            `${model.toFixed(3)} | ${(whole / model).toFixed(2)} |`,
        );
      }
      await Promise.all(sides.map((side) => side.close()));
    });
  }
}
