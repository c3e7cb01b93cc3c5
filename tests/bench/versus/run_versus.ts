/** Runs all comparisons, and returns rows. */
import { messageOf } from "../../../core/text.ts";
import { CASES, MATCHES, type PeerMode } from "./cases.ts";
import { compare, type VersusRow } from "./compare.ts";
import { pytorchPython } from "./python.ts";

/** What to compare. */
export interface VersusOptions {
  /** px a side; undefined: each case's own. */
  resolutions?: readonly number[];
  /** Only cases whose name contains this. */
  only?: string;
  peers?: readonly PeerMode[];
  threads: number;
  device: "cpu" | "gpu";
  rounds: number;
  steps: number;
  /** Another Python that has PyTorch; undefined: our own environment. */
  python?: string;
  onProgress(message: string): void;
  onRow?(row: VersusRow): void;
}

/** The rows, and which comparisons failed and why. */
export interface VersusResult {
  rows: VersusRow[];
  failed: { name: string; reason: string }[];
}

/** Compares case by case; a failing case is reported and has no row. */
export async function runVersus(options: VersusOptions): Promise<VersusResult> {
  const { resolutions, only = "", threads, device, rounds, steps, onProgress } = options;
  const python = options.python ?? await pytorchPython(onProgress);
  const result: VersusResult = { rows: [], failed: [] };
  for (const one of CASES.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()))) {
    for (const resolution of resolutions ?? one.resolutions) {
      for (const { precision, peer } of MATCHES) {
        if (options.peers && !options.peers.includes(peer)) continue;
        const title = `${one.name}, ${resolution} px, ${precision} against ${peer}`;
        onProgress(`${title}: warming up`);
        try {
          const row = await compare({
            case: one,
            resolution,
            precision,
            peer,
            python,
            threads,
            device,
            rounds,
            steps,
            onRound: (round) => onProgress(`${title}: round ${round} of ${rounds}`),
          });
          result.rows.push(row);
          options.onRow?.(row);
        } catch (error) {
          result.failed.push({ name: title, reason: messageOf(error) });
        }
      }
    }
  }
  return result;
}
