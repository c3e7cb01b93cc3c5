import assert from "node:assert/strict";
import { selectBackend } from "../../select.ts";
import { contextConfig } from "./context.ts";

/** Intra-op and inter-op threads of a serialized ConfigProto. */
function threadsOf(threads: number, shards: number): [number, number] {
  const [, ofOneOp, field, atOnce] = contextConfig({ threads, shards }); // one byte each below 128
  assert.equal(field, 0x28); // inter_op_parallelism_threads
  return [ofOneOp!, atOnce!];
}

Deno.test("contextConfig() shares the threads out among the pieces of a batch", () => {
  assert.deepEqual(threadsOf(1, 1), [1, 1]);
  assert.deepEqual(threadsOf(2, 1), [2, 2]);
  assert.deepEqual(threadsOf(2, 2), [1, 2]);
  assert.deepEqual(threadsOf(3, 2), [2, 3]); // none idles
  assert.deepEqual(threadsOf(16, 4), [4, 4]);
});

Deno.test(
  'shards "auto" is a power of 2 that suits the threads, 4 at most, and part of the ' +
    "fingerprint",
  async () => {
    const script = `
    import { selectBackend } from "./core/backend/mod.ts";
    const [threads] = Deno.args;
    const { info } = await selectBackend({ name: "tensorflow", threads: Number(threads), shards: "auto" });
    console.log(info.fingerprint.shards);`;
    for (const [threads, shards] of [[1, 1], [3, 2], [9, 4]]) {
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["eval", "--ext=ts", script, String(threads)],
        cwd: new URL("../../../..", import.meta.url),
      }).output();
      assert.equal(new TextDecoder().decode(stdout).trim(), String(shards));
    }
  },
);

Deno.test("one process has one TensorFlow: other threads or pieces are refused", async () => {
  await selectBackend({ name: "tensorflow", threads: 2, shards: 2 });
  await assert.rejects(
    selectBackend({ name: "tensorflow", threads: 2 }),
    /Cannot load TensorFlow twice: expected .* 2 threads and batches in 2 again, received .* in 1/,
  );
});
