/**
 * For watch_test.ts: a worker that waits for the others, prints that they have joined, and then
 * blocks its main thread like a native call, so that only its watch can end it. It ends by itself
 * in case the test has failed. Arguments: the cluster and a rank.
 */
import { openWatch } from "../../cli/workers/open_watch.ts";

const [cluster = "", rank = ""] = Deno.args;
const place = { addresses: cluster.split(","), rank: Number(rank) };
await openWatch({ place, joinTimeout: 60 }, { warn: console.error });
console.log("together");
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15 * 60_000);
Deno.exit(0);
