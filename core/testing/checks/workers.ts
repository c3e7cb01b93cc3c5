/** Checks workers: two processes that train the plugin together get the same results as one. */
import { fileURLToPath } from "node:url";
import { selectBackend, type WorkerPlace } from "../../backend/mod.ts";
import { childEnvironment, COMPUTE_NAMES, DENO_NAMES } from "../../child_environment.ts";
import type { StepValues } from "../../trainer/step/network_step.ts";
import { freeAddresses } from "../../workers/free_addresses.ts";
import { check, type Step } from "../check.ts";
import type { Workbench } from "../workbench.ts";
import { expectClose, TOLERANCE, valuesOf } from "./steps.ts";

/** Name of the only test that a worker runs of its file. */
export const AS_WORKER = "cambium: trains as a worker";

/** Environment variable that makes a test process a worker. */
const ORDER = "CAMBIUM_TEST_WORKER";

const WORKERS = 2;

/** The order that a worker receives. */
export interface TestWorkerOrder {
  /** Index of the `testPlugin()` call in the file. */
  index: number;
  place: WorkerPlace;
  /** Where it writes its results. */
  out: string;
}

/** The order of this process, if it is a worker. */
export function workerOrder(): TestWorkerOrder | undefined {
  const text = Deno.permissions.querySync({ name: "env", variable: ORDER }).state === "granted"
    ? Deno.env.get(ORDER)
    : undefined;
  return text ? JSON.parse(text) as TestWorkerOrder : undefined; // as trainsWithWorkers() gives it
}

/** A fade-in phase contains the old and the new layers. */
const phaseOf = ({ phases }: Workbench) => phases.find(({ kind }) => kind === "fade") ?? phases[0]!;

/** Runs a worker's part. */
export async function trainAsWorker(bench: Workbench, order: TestWorkerOrder): Promise<void> {
  const { place, out } = order;
  const backend = await selectBackend({ name: "tensorflow", threads: 1, place, download: false });
  await Deno.writeTextFile(out, JSON.stringify(await valuesOf(bench, backend, [phaseOf(bench)])));
}

/**
 * Compares two workers with one process, or reports in a step's name why that is impossible.
 * @param origin the test file, and the index of the call in it
 */
export async function trainsWithWorkers(
  bench: Workbench,
  origin: { file: string; index: number },
  step: Step,
): Promise<void> {
  const { tolerance = TOLERANCE } = bench.options, phase = phaseOf(bench), { batchSize } = phase;
  const backend = await selectBackend({ shards: "auto" });
  const reason = backend.info.name !== "tensorflow"
    ? `the ${backend.info.name} backend has no workers`
    : batchSize % WORKERS !== 0
    ? `a batch of ${batchSize} can't be divided by ${WORKERS}`
    : undefined;
  if (reason) return void await step(`not tried: ${reason}`, () => {});
  const [first, second] = await startWorkers(origin);
  check(
    JSON.stringify(first) === JSON.stringify(second),
    `expected both workers to come to the same values, received ${JSON.stringify(first)} and ` +
      `${JSON.stringify(second)}. What steps and hooks do must not depend on the process`,
  );
  const alone = await valuesOf(bench, backend, [phase]);
  expectClose(first!, alone, { tolerance, as: "one process has it" });
}

/** @returns the values of each worker */
async function startWorkers(
  { file, index }: { file: string; index: number },
): Promise<StepValues[][]> {
  const folder = await Deno.makeTempDir({ prefix: "cambium-workers-" });
  try {
    const addresses = freeAddresses(WORKERS);
    const outOf = (rank: number) => `${folder}/${rank}.json`;
    const children = addresses.map((_, rank) => {
      const order: TestWorkerOrder = { index, place: { addresses, rank }, out: outOf(rank) };
      const flags = ["--no-check", "--quiet", "--filter", AS_WORKER];
      return new Deno.Command(Deno.execPath(), {
        args: ["test", "-A", ...flags, fileURLToPath(file)],
        clearEnv: true,
        env: childEnvironment([COMPUTE_NAMES, DENO_NAMES], { [ORDER]: JSON.stringify(order) }),
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    });
    const ended = await Promise.all(children.map(async (child) => {
      const { code, stdout, stderr } = await child.output();
      if (code !== 0) { for (const other of children) kill(other); } // they would wait for it
      return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
    }));
    const failed = ended.find(({ code }) => code !== 0);
    check(!failed, `expected two workers to train, received from one:\n${failed?.said}`);
    const texts = addresses.map((_, rank) => Deno.readTextFile(outOf(rank)));
    // written by trainAsWorker()
    return (await Promise.all(texts)).map((text) => JSON.parse(text) as StepValues[]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has ended already
  }
}
