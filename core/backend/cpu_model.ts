/** The processor's name and instruction sets, part of a run's fingerprint. */
import { cpus } from "node:os";

/** e.g. "AMD EPYC 9B14"; "unknown" where the system does not say. */
export function cpuModel(): string {
  return cpus()[0]?.model.trim() || "unknown";
}

/**
 * Instruction sets that kernels choose by, e.g. "avx2 avx512f fma": cloud machines of one name
 * differ. Linux only; "" elsewhere.
 */
export function instructionSets(): string {
  try {
    const text = Deno.readTextFileSync("/proc/cpuinfo");
    const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
    const wanted = /^(sse4_2|avx|fma|f16c|amx|asimd|sve|bf16|i8mm)/;
    return flags.filter((flag) => wanted.test(flag)).sort().join(" ");
  } catch {
    return ""; // another system
  }
}

/** Whether the processor multiplies bfloat16 in one instruction: then it is faster than float32. */
export function hasBfloat16Instructions(): boolean {
  return /\b(avx512_bf16|amx_bf16|bf16)\b/.test(instructionSets());
}

/**
 * Whether TensorFlow computes bfloat16 in vectors here; elsewhere it does so one value at a time,
 * slower than float32.
 */
export function supportsBfloat16(): boolean {
  return /avx512_bf16|avx512bw|amx_bf16|bf16/.test(instructionSets()) || Deno.build.os !== "linux";
}
