/**
 * Core computes the same as PyTorch on every backend; core's own tests use tfjs's "cpu" by default.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const FOLDERS = ["ops", "layers", "losses", "optim"].map((name) => `core/${name}`);

for (const backend of ["tensorflow", "wasm"] as const) {
  Deno.test(
    `core's ops, layers, losses and optimizers have PyTorch's values on ` +
      `${backend}`,
    async () => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["test", "-A", "--no-check", ...FOLDERS],
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
        env: { CAMBIUM_TEST_BACKEND: backend, NO_COLOR: "1" },
      }).output();
      const [told, problems] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assert.equal(code, 0, `${told}${problems}`);
      const passed = Number(/(\d+) passed/.exec(told!)?.[1]);
      assert.ok(passed > 100, `${passed} tests ran`);
    },
  );
}
