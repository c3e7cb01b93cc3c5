import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

for (const script of ["quality/rivals/run.ts", "soak_bench.ts", "live_bench.ts"]) {
  Deno.test(`${script} tells its flags in one line where it gets another`, async () => {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--no-lock", path, "--help"],
      env: { NO_COLOR: "1" },
    }).output();
    assert.equal(code, 2);
    const line = new TextDecoder().decode(stderr).trim();
    assert.match(
      line,
      /^Cannot run: expected flags of --.*received another: Unknown option '--help'$/,
    );
  });
}
