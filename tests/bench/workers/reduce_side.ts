/**
 * One of the processes of shaped_network.ts, which runs only a step's sums. It prints a line when
 * it is ready, then runs the sums once for each line of input and prints the milliseconds.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import {
  type CollectiveStats,
  selectBackend,
  type WorkerPlace,
} from "../../../core/backend/mod.ts";
import { createReduceChain } from "./reduce_chain.ts";

/** What the process is told to do. */
export interface ReduceOrder {
  place: WorkerPlace;
  sums: readonly CollectiveStats[];
}

if (import.meta.main) {
  // as passed by shaped_network.ts
  const { place, sums } = JSON.parse(Deno.args[0]!) as ReduceOrder;
  const backend = await selectBackend({ name: "tensorflow", threads: 1, shards: 1, place });
  const chains = [];
  for (const sum of sums) chains.push(await createReduceChain(backend, sum));
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(await chains[Number(line)]!.run()); // one of the chains
  }
  Deno.exit(0);
}
