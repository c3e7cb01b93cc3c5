/**
 * For watch_test.ts: a worker that waits for the others, says so, and then holds up its main thread
 * as a native call would, so that nothing but its watch ends it; a test that failed is not held up
 * for ever. Arguments: the cluster and a rank.
 */
import { openWatch } from "../../cli/workers/open_watch.ts";

const [cluster = "", rank = ""] = Deno.args;
const place = { addresses: cluster.split(","), rank: Number(rank) };
await openWatch({ place, joinTimeout: 60 }, { warn: console.error });
console.log("together");
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15 * 60_000);
Deno.exit(0);
