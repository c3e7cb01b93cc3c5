/**
 * One of the processes of shaped_network.ts: sums alone, as a step has them. A line says that it is
 * ready; each line that it is told runs them once, and is answered by their milliseconds.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import {
  type CollectiveStats,
  selectBackend,
  type WorkerPlace,
} from "../../../core/backend/mod.ts";
import { createReduceChain } from "./reduce_chain.ts";

/** What the process is told. */
export interface ReduceOrder {
  place: WorkerPlace;
  sums: readonly CollectiveStats[];
}

if (import.meta.main) {
  const { place, sums } = JSON.parse(Deno.args[0]!) as ReduceOrder; // as shaped_network.ts gives it
  const backend = await selectBackend({ name: "tensorflow", threads: 1, shards: 1, place });
  const chains = [];
  for (const sum of sums) chains.push(await createReduceChain(backend, sum));
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(await chains[Number(line)]!.run()); // one of them
  }
  Deno.exit(0);
}
