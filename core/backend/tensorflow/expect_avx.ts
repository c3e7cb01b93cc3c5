/**
 * Checks that the processor has AVX: TensorFlow's x64 builds crash the process on load without it.
 */
import { childEnvironment } from "../../child_environment.ts";
import { cpuModel } from "../cpu_model.ts";

/** What is known of a processor. */
export interface Processor {
  arch: typeof Deno.build.arch;
  /** The model name as returned by cpuModel(). */
  model: string;
  /** Instruction sets as listed by the system; undefined if it lists none. */
  features: string | undefined;
}

/** @throws Error if the processor is known to lack AVX */
export function expectAvx({ arch, model, features }: Processor = thisProcessor()): void {
  if (arch !== "x86_64" || features === undefined || /\bavx/i.test(features)) return;
  throw new Error(
    `Cannot load TensorFlow: expected a processor with AVX, received ${model}, which has none`,
  );
}

function thisProcessor(): Processor {
  return { arch: Deno.build.arch, model: cpuModel(), features: featuresOf(Deno.build.os) };
}

function featuresOf(os: typeof Deno.build.os): string | undefined {
  try {
    if (os === "linux") {
      return /^flags\s*:(.*)$/m.exec(Deno.readTextFileSync("/proc/cpuinfo"))?.[1];
    }
    if (os !== "darwin") return undefined;
    const { success, stdout } = new Deno.Command("sysctl", {
      args: ["-n", "machdep.cpu.features"], // "… AVX1.0 …"
      clearEnv: true,
      env: childEnvironment(),
      stdin: "null",
      stderr: "null",
    }).outputSync();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch {
    return undefined; // TensorFlow itself will tell
  }
}
