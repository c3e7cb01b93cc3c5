/**
 * Cambium's side of a comparison, in a separate process. It prints facts on the first line, then
 * runs steps on request, with one JSON object per line, like the peers' `pytorch_step.py`.
 *
 * > {"steps": 4} < {"milliseconds": […], "penalized": […]}
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { type DeviceChoice, type Precision, selectBackend } from "../../../core/backend/mod.ts";
import { messageOf } from "../../../core/mod.ts";
import { CASES } from "./cases.ts";
import { createBenchStep, type StepTime } from "./step.ts";

/** Answers until its input ends. */
async function serve(): Promise<void> {
  const [name, resolution, precision, threads, device] = Deno.args;
  const found = CASES.find((one) => one.name === name);
  if (!found) throw new RangeError(`Cannot measure "${name}": expected the name of a case`);
  const backend = await selectBackend({
    name: "tensorflow",
    precision: precision as Precision, // compare.ts passes a valid one
    threads: Number(threads),
    device: device as DeviceChoice, // likewise
    shards: "auto",
  });
  const { plugin, values } = found;
  const step = await createBenchStep({ plugin, values, resolution: Number(resolution), backend });
  const { parameters, batchSize, every } = step;
  for (let i = 0; i < every + 1; i++) await step.run(); // records each variant
  console.log(JSON.stringify({ library: backend.info.library, parameters, batchSize, every }));
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps } = JSON.parse(line) as { steps: number }; // in the format of side.ts
    const times: StepTime[] = [];
    for (let i = 0; i < steps; i++) times.push(await step.run());
    console.log(JSON.stringify({
      milliseconds: times.map((time) => time.milliseconds),
      penalized: times.map((time) => time.penalized),
    }));
  }
}

if (import.meta.main) {
  try {
    await serve();
    Deno.exit(0);
  } catch (error) {
    console.error(messageOf(error)); // the parent process shows it
    Deno.exit(1);
  }
}
