/** The processor's name, part of a run's fingerprint. */
import { cpus } from "node:os";

/** e.g. "AMD EPYC 9B14"; "unknown" where the system does not say. */
export function cpuModel(): string {
  return cpus()[0]?.model.trim() || "unknown";
}
