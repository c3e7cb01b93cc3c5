/** The processor's model name and instruction sets, which are part of a run's fingerprint. */
import { cpus } from "node:os";

/** For example "AMD EPYC 9B14"; "unknown" if the system does not report it. */
export function cpuModel(): string {
  return cpus()[0]?.model.trim() || "unknown";
}

/**
 * The instruction sets by which kernels are selected, e.g. "avx2 avx512f fma". Cloud machines with
 * the same model name can differ in them. Linux only; "" elsewhere.
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

/**
 * Whether the processor has bfloat16 multiplication instructions, which make bfloat16 faster than
 * float32.
 */
export function hasBfloat16Instructions(): boolean {
  return /\b(avx512_bf16|amx_bf16|bf16)\b/.test(instructionSets());
}

/**
 * Whether TensorFlow vectorizes bfloat16 on this processor. Elsewhere it computes one value at a
 * time, which is slower than float32.
 */
export function supportsBfloat16(): boolean {
  return /avx512_bf16|avx512bw|amx_bf16|bf16/.test(instructionSets()) || Deno.build.os !== "linux";
}
