import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** The last line of a script's error output; it must exit with code 2. */
async function refusalOf(script: string, args: readonly string[]): Promise<string> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--no-lock", path, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  assert.equal(code, 2);
  // Deno itself may first print a warning about what it downloaded
  return new TextDecoder().decode(stderr).trim().split("\n").at(-1)!; // there is at least one line
}

for (
  const script of ["quality/rivals/run.ts", "soak_bench.ts", "live_bench.ts", "curves_bench.ts"]
) {
  Deno.test(`${script} tells its flags in one line where it gets another`, async () => {
    const expected =
      /^Cannot run: expected flags of --.*received another: Unknown option '--help'$/;
    assert.match(await refusalOf(script, ["--help"]), expected);
  });
}

const WORDS = {
  "kill_bench.ts": "[BACKEND] [KILLS]",
  "picture_fuzz.ts": "[MINUTES] [SEED] [PLACE]",
  "quality/rivals/table.ts": "FOLDER…",
  "quality/trials.ts": "TRIALS.json FOLDER",
  "shards/million.ts": "[COUNT] [FOLDER]",
};

for (const [script, words] of Object.entries(WORDS)) {
  Deno.test(`${script} tells what it is called with where it gets a flag`, async () => {
    assert.equal(
      await refusalOf(script, ["--help"]),
      `Cannot run: expected ${words}; received another: Unknown option '--help'`,
    );
  });
}

Deno.test("scripts refuse too few words, too many, and what is no number", async () => {
  for (
    const [script, args, said] of [
      ["quality/rivals/table.ts", [], "expected FOLDER…; received nothing"],
      ["quality/trials.ts", ["a.json"], "expected TRIALS.json FOLDER; received a.json"],
      ["kill_bench.ts", ["wasm", "1", "2"], "expected [BACKEND] [KILLS]; received wasm 1 2"],
      ["kill_bench.ts", ["wasm", "x"], 'expected a number of 0 or more as KILLS; received "x"'],
      ["soak_bench.ts", ["--tabs", ""], 'expected a number of 0 or more as --tabs; received ""'],
    ] as const
  ) {
    assert.equal(await refusalOf(script, args), `Cannot run: ${said}`);
  }
});
