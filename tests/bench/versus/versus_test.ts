/**
 * `bench --versus pytorch` with Cambium itself in place of PyTorch, so that PyTorch is not needed
 * and the ratio should be near 1.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withFolder } from "../../../core/testing/with_folder.ts";
import { childArguments, hasTensorFlow, toEnd } from "../../faults/tiny_run.ts";

const SIDE = fileURLToPath(new URL("./our_side.ts", import.meta.url));

Deno.test({
  name: "bench --versus pytorch --json prints one object with a row for each comparison",
  ignore: Deno.build.os === "windows" || !await hasTensorFlow(),
  fn: () =>
    withFolder(async (folder) => {
      const python = join(folder, "python"); // accepts a peer's arguments and answers like a peer
      const own = [
        "run",
        "-A",
        "--no-check",
        "--quiet",
        `'${SIDE}'`,
        "'StyleGAN, R1'",
        "4",
        "float32",
        "1",
      ];
      await Deno.writeTextFile(python, `#!/bin/sh\nexec '${Deno.execPath()}' ${own.join(" ")}\n`);
      await Deno.chmod(python, 0o755);
      const { code, out, err } = await toEnd(
        Deno.execPath(),
        childArguments([
          ...[
            "bench",
            "--versus",
            "pytorch",
            "--json",
            "--python",
            python,
            "--only",
            "StyleGAN, R1",
          ],
          ...[
            "--resolutions",
            "4",
            "--peers",
            "eager",
            "--threads",
            "1",
            "--rounds",
            "2",
            "--steps",
            "4",
          ],
        ]),
      );
      assert.equal(code, 0, err);
      const lines = out.trim().split("\n");
      assert.equal(lines.length, 1);
      const { rows, ...others } = JSON.parse(lines[0]!); // exactly one line
      assert.deepEqual(others, {});
      assert.equal(rows.length, 1);
      const [{ name, peer, precision, ours_images_per_s, peer_images_per_s, ratio }] = rows;
      assert.deepEqual([name, peer, precision], ["StyleGAN, R1, 4 px", "eager", "float32"]);
      assert.ok(ours_images_per_s > 0 && peer_images_per_s > 0);
      assert.ok(Math.abs(ratio - ours_images_per_s / peer_images_per_s) < 1e-3 * ratio, `${ratio}`);
      // the same code, on a possibly busy machine
      assert.ok(ratio > 0.2 && ratio < 5, `${ratio}`);
      assert.match(err, /StyleGAN, R1, 4 px, float32 against eager: [\d.]+/);
    }),
});

Deno.test("a side that can't be measured says why in one line, without a stack", async () => {
  const args = ["run", "-A", "--no-check", "--quiet", SIDE, "nothing", "64", "float32", "1", "cpu"];
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  assert.equal(code, 1);
  const expected = 'Cannot measure "nothing": expected the name of a case\n';
  assert.equal(new TextDecoder().decode(stderr), expected);
});
