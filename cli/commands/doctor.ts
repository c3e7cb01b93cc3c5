/**
 * `deno task doctor`: shows the backend, library, devices and precision, and where each came from.
 */
import { print, printJson } from "../terminal/print.ts";
import type { Command } from "commander";
import { diagnose, type Diagnosis } from "../../core/backend/mod.ts";
import { printFact } from "../terminal/facts.ts";
import { formatBytes } from "../terminal/format.ts";
import { createStatus } from "../terminal/status.ts";
import { VERSION } from "../../core/run/version.ts";
import { counted } from "../../core/text.ts";
import { addMachine, type MachineFlags } from "../flags/machine_flags.ts";
import { warnOfThreads } from "../../core/run/machine.ts";

interface DoctorFlags extends MachineFlags {
  json?: true;
}

export function register(program: Command): void {
  const command = program.command("doctor")
    .description("Check this machine: backend, library, devices, precision")
    .option("--json", "Print the findings as JSON")
    .addHelpText(
      "after",
      `
The exit code is 1 if the chosen backend is not available or computes wrongly.

Examples:
  deno task doctor
  deno task doctor --backend wasm --json`,
    );
  addMachine(command);
  command.action(runDoctor);
}

async function runDoctor(flags: DoctorFlags): Promise<void> {
  const status = createStatus(flags.json);
  status.progress("Looking for backends …");
  const { backend: name, device, threads, tensorflow, download } = flags;
  warnOfThreads(threads, status);
  const diagnosis = await diagnose({
    name,
    device,
    download,
    ...(threads ? { threads } : {}),
    ...(tensorflow ? { tensorflow } : {}),
    onProgress: ({ message, fraction }) => status.progress(message, fraction),
    onFallback: (message) => status.warn(message),
  }, (message) => status.progress(message));
  status.done();
  const faults = faultsOf(diagnosis);
  if (flags.json) {
    printJson({ cambium: VERSION, deno: Deno.version.deno, ...diagnosis, faults });
  } else printDiagnosis(diagnosis);
  if (faults.length > 0) throw new Error(`Cannot compute as requested: ${faults.join("; ")}`);
}

/**
 * Relative error allowed for each precision: the rounding of float32, or the 8 bits of bfloat16,
 * with a margin for sums.
 */
const TOLERANCE = { float32: 1e-4, bfloat16: 0.05 } as const;

function faultsOf({ backend, problem, digests, precisions }: Diagnosis): string[] {
  return [
    ...(problem === undefined ? [] : [problem]),
    ...digests.filter((d) => !d.intact).map((d) =>
      `${d.file} has changed since it was downloaded: delete its folder`
    ),
    ...precisions.flatMap((p) => p.precision === "float32" && p.problem ? [p.problem] : []),
    ...precisions.filter((p) =>
      p.relativeError !== undefined && !(p.relativeError <= TOLERANCE[p.precision])
    )
      .map((p) => `${p.precision} on ${backend?.library} is wrong by ${p.relativeError}`),
  ];
}

/** Formats e.g. "85 GFLOP/s" or "320 MFLOP/s". */
export function formatRate(gigaflops: number): string {
  return gigaflops >= 10
    ? `${Math.round(gigaflops)} GFLOP/s`
    : gigaflops >= 1
    ? `${gigaflops.toFixed(1)} GFLOP/s`
    : `${Math.round(1000 * gigaflops)} MFLOP/s`;
}

function printDiagnosis(diagnosis: Diagnosis): void {
  const { places, digests, backend, precisions, hiddenGpus } = diagnosis;
  printFact(
    "Cambium",
    `${VERSION} on Deno ${Deno.version.deno}, ${Deno.build.os} ${Deno.build.arch}`,
  );
  if (backend) {
    printFact("Backend", `${backend.name}, ${counted(backend.threads, "thread")}`);
    printFact("Library", backend.library);
    printFact("From", backend.origin + (backend.folder ? `: ${backend.folder}` : ""));
    for (const { kind, name, model, memoryBytes, isSoftware } of backend.devices) {
      // TensorFlow's device names begin with a job and a task
      const place = name.replace(/^.*\/device:/, "");
      const known = kind === "CPU" ? backend.fingerprint.cpu : model;
      const facts = [
        known ?? place,
        ...(memoryBytes ? [formatBytes(memoryBytes)] : []),
        ...(isSoftware ? ["a software adapter: emulated by the processor, not a GPU"] : []),
      ];
      printFact(kind, facts.join(", "));
    }
  }
  if (hiddenGpus !== undefined) printFact("GPUs", hiddenGpus);
  for (const { precision, relativeError, gigaflops, problem } of precisions) {
    const found = [
      ...(gigaflops === undefined ? [] : [`${formatRate(gigaflops)} in 3×3 convolutions`]),
      ...(relativeError === undefined ? [] : [`error ${relativeError.toExponential(1)}`]),
    ];
    printFact(precision, problem ?? found.join(", "));
  }
  const broken = digests.filter((d) => !d.intact);
  if (digests.length > 0) {
    printFact(
      "Digests",
      broken.length === 0
        ? `all ${digests.length} files are as pinned`
        : broken.map((d) => d.file).join(", "),
    );
  } else if (backend?.name === "tensorflow") {
    printFact("Digests", "not checked, because Cambium did not download it");
  }
  if (places.length > 0) print("\nWhere TensorFlow was looked for:");
  for (const { origin, folder, taken, problem } of places) {
    print(
      `  ${taken ? "*" : " "} ${origin}${folder ? `: ${folder}` : ""}${
        problem ? `\n      ${problem}` : ""
      }`,
    );
  }
}
