import assert from "node:assert/strict";
import { runCli } from "./cli_process.ts";

Deno.test("doctor tells the backend as text and as JSON", async () => {
  const json = await runCli(["doctor", "--backend", "cpu", "--no-download", "--json"], Deno.cwd());
  assert.equal(json.code, 0, json.stderr);
  const found = JSON.parse(json.stdout);
  assert.equal(found.backend.name, "cpu");
  assert.deepEqual(found.faults, []);
  assert.ok(found.precisions[0].relativeError < 1e-4);
  const text = await runCli(["doctor", "--backend", "cpu", "--no-download"], Deno.cwd());
  assert.match(text.stdout, /^Backend +cpu/m);
  assert.match(text.stdout, /^float32 +\d/m);
});

Deno.test("doctor ends with code 1 where the requested backend can't be had", async () => {
  const args = ["doctor", "--backend", "tensorflow", "--tensorflow", "nowhere", "--no-download"];
  const { code, stderr } = await runCli(args, Deno.cwd());
  assert.equal(code, 1);
  assert.match(stderr, /Cannot compute as requested/);
});
