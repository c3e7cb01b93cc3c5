import assert from "node:assert/strict";
import { ringSeconds } from "./ring_model.ts";

Deno.test("a ring of n sends 2 (n - 1) pieces of 1/n, and waits for as many messages", () => {
  const net = { bandwidth: 1000, latency: 0.5 };
  assert.equal(ringSeconds({ ...net, workers: 1, count: 7, bytes: 400 }), 0);
  // 2 pieces of 200 bytes; 2 messages of each of 3 collectives
  assert.equal(ringSeconds({ ...net, workers: 2, count: 3, bytes: 400 }), 0.4 + 3);
  // 6 pieces of 100 bytes
  assert.equal(ringSeconds({ ...net, workers: 4, count: 1, bytes: 400 }), 0.6 + 3);
});
