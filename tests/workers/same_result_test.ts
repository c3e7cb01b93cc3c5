/**
 * Two workers give the same training as one process.
 *
 * Sums over a batch are added in pieces, and float32 rounds each sum as its order has it. A GAN
 * amplifies rounding: a last bit puts a feature on the other side of a leaky ReLU's kink; and where
 * a gradient is 0 in mathematics but a difference of equal sums in float32 (the last bias of a
 * WGAN-GP critic: its two scores' means move alike, and no gradient by the pixels has it), Adam
 * divides the noise by its own size, so that the weight goes by the whole learning rate either way.
 * After 100 steps two orders of the same sums may differ in the first digits, in one process, too.
 * So two things are compared:
 * - all steps with one process that adds up in the same two pieces: a sum of two has no order, and
 *   so every bit must be the same;
 * - the first step with one process that cuts nothing: its gradients, before anything amplifies.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeVgg } from "../../core/features/mod.ts";
import { patternWeights } from "../../core/features/testdata/pattern.ts";
import { withFolder } from "../../core/testing/mod.ts";
import { freeAddresses } from "../../core/workers/free_addresses.ts";
import { hasTensorFlow, toEnd } from "../faults/tiny_run.ts";
import type { ChildOrder, ChildResult } from "./child.ts";

/** Each is a step of both networks: 100 steps. */
const CYCLES = 50;

/**
 * Relative to a network's largest gradient. Its sums have up to 8 samples · 16² places = 2048
 * terms. Added in another order they differ by √2048 · 2⁻²⁴ ≈ 3e-6 of the terms' size, which
 * exceeds the sum's, and sums of sums follow.
 */
const ROUNDING = 1e-4;

/** Trains all cases in a child process. */
async function train(order: ChildOrder): Promise<Map<string, ChildResult>> {
  const child = fileURLToPath(new URL("./child.ts", import.meta.url));
  const args = ["run", "-A", "--no-check", "--quiet", child, JSON.stringify(order)];
  const { code, out, err } = await toEnd(Deno.execPath(), args);
  assert.equal(code, 0, err);
  const results = out.trim().split("\n").map((line) => JSON.parse(line) as ChildResult);
  return new Map(results.map((result) => [result.name, result]));
}

/** Adam's moments of a network after one step: its gradients, up to a factor. */
const moments = ({ first }: ChildResult, network: string) =>
  Object.entries(first).filter(([path]) =>
    path.startsWith(`optimizer_${network}.safetensors`) && path.endsWith("/mean")
  );

Deno.test({
  name: "two workers train as one process does: in the same pieces to the bit, uncut to rounding",
  ignore: !await hasTensorFlow(),
  fn: (t) =>
    withFolder(async (folder) => {
      const vggWeights = join(folder, "vgg.safetensors");
      await Deno.writeFile(vggWeights, encodeVgg(patternWeights(), "a test"));
      const [a = "", b = "", alone = ""] = freeAddresses(3), addresses = [a, b];
      const usual = { threads: 1, shards: 1, cycles: CYCLES, vggWeights };
      const [first, second, inPieces, uncut] = await Promise.all([
        train({ ...usual, place: { addresses, rank: 0 } }),
        train({ ...usual, place: { addresses, rank: 1 } }),
        train({ ...usual, place: { addresses: [alone], rank: 0 }, threads: 2, shards: 2 }),
        train({ ...usual, cycles: 1 }),
      ]);
      assert.equal(first.size, uncut.size);
      for (const [name, worker] of first) {
        await t.step(name, () => {
          const other = uncut.get(name)!; // all processes train all cases
          assert.equal(second.get(name)?.digest, worker.digest, "the workers differ");
          assert.equal(inPieces.get(name)?.digest, worker.digest, "one process differs");
          assert.deepEqual(Object.keys(worker.first), Object.keys(other.first));
          for (const network of ["generator", "discriminator"]) {
            const gradients = moments(worker, network);
            const largest = Math.max(...gradients.flatMap(([, values]) => values.map(Math.abs)));
            for (const [path, values] of gradients) {
              values.forEach((value, i) => {
                const off = Math.abs(value - other.first[path]![i]!); // the same keys
                assert.ok(off <= ROUNDING * largest, `${path}: ${off} of ${largest}`);
              });
            }
          }
        });
      }
      const paths = Object.keys(first.get("stylegan small with ada")!.first);
      assert.ok(paths.some((path) => path.startsWith("average.safetensors")), "no average");
      assert.ok(paths.some((path) => path.endsWith("/mapping/mean")), "no mean of w");
      const { p } = first.get("stylegan small with ada")!.plugins.ada!;
      assert.ok(Number(p) > 0, `p has stayed at ${p}`);
    }),
});
