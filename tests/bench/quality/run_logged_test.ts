import assert from "node:assert/strict";
import { runLogged } from "./run_logged.ts";

/**
 * Source of a program that writes two lines to its log, the second after it has found the first
 * there.
 */
const READS_ITS_LOG = `
  const [log] = Deno.args;
  console.error("first");
  while (!Deno.readTextFileSync(log).includes("first")) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  console.error("second");
  console.log("read it");
`;

Deno.test("runLogged: a log can be read while its program runs", async () => {
  const log = await Deno.makeTempFile();
  const args = ["eval", READS_ITS_LOG, log];
  const { output } = await runLogged(Deno.execPath(), args, log);
  assert.equal(output, "read it\n");
  assert.equal(await Deno.readTextFile(log), "first\nsecond\n");
  await Deno.remove(log);
});

Deno.test("runLogged: a program that fails is told by the last line of its log", async () => {
  const log = await Deno.makeTempFile();
  const args = ["eval", 'console.error("no disk"); Deno.exit(3);'];
  await assert.rejects(runLogged(Deno.execPath(), args, log), /received 3: no disk/);
  await Deno.remove(log);
});
