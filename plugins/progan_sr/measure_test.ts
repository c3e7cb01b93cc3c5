import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../core/testing/mod.ts";
import { readRunVgg, warnOfInfinite } from "./measure.ts";
import { patternWeights } from "../../core/features/testdata/pattern.ts";
import { encodeVgg } from "../../core/features/vgg_file.ts";

Deno.test(
  "readRunVgg() takes the cached weights where the run's file has moved, else none, " +
    "and says so",
  () =>
    withFolder(async (folder) => {
      const warnings: string[] = [], warn = (message: string) => void warnings.push(message);
      const cache = join(folder, "block1.safetensors"), file = join(folder, "moved.h5");
      assert.equal(readRunVgg({ file, cache }, warn), undefined);
      assert.match(warnings[0]!, /Cannot read --vgg-weights .*moved\.h5.*relu1_2 is left out/);
      await Deno.writeFile(cache, encodeVgg(patternWeights(), "a test"));
      assert.ok(readRunVgg({ file, cache }, warn));
      assert.match(warnings[1]!, /moved\.h5.*The cached weights are used/);
      assert.ok(readRunVgg({ file: "", cache }, warn));
      assert.equal(warnings.length, 2);
      await Deno.writeTextFile(cache, "damaged");
      assert.throws(() => readRunVgg({ file: "", cache }, warn), /Delete .*block1\.safetensors/);
    }),
);

Deno.test("an infinite mean PSNR is told of, with what to do", () => {
  const warnings: string[] = [], warn = (message: string) => void warnings.push(message);
  const table = (psnr: number) => ({ title: "", columns: ["method", "PSNR"], rows: [["a", psnr]] });
  warnOfInfinite([table(30)], warn);
  assert.deepEqual(warnings, []);
  warnOfInfinite([table(30), table(Infinity)], warn);
  assert.match(warnings[0]!, /PSNR is infinite: .*Leave it out/);
});
