/** Runs two sides in turn, so that drift of the machine affects both. */
import { fileURLToPath } from "node:url";
import type { Precision } from "../../../core/backend/mod.ts";
import type { PeerMode, VersusCase } from "./cases.ts";
import { type Side, type SideTimes, startSide } from "./side.ts";
import { averageStep, joined, ratioQuartiles } from "./summary.ts";

/** A row of the result. */
export interface VersusRow {
  name: string;
  peer: PeerMode;
  precision: Precision;
  ours_images_per_s: number;
  peer_images_per_s: number;
  ratio: number;
  /** Processor time of a step over both threads, which other programs hardly influence. */
  ours_processor_ms: number;
  peer_processor_ms: number;
  /** Quartiles of the ratio over the rounds. */
  ratio_quartiles: [number, number];
  resolution: number; // px a side
  batch: number;
  rounds: number;
  peer_layout: string;
  /**
   * Processors that the waiting side kept busy, the larger value of both sides: near 0 in a fair
   * comparison.
   */
  idle_load: number;
}

/** What to compare, and for how long. */
export interface CompareOptions {
  case: VersusCase;
  resolution: number;
  precision: Precision;
  peer: PeerMode;
  python: string;
  threads: number;
  device: "cpu" | "gpu";
  rounds: number;
  /** Steps of each side per round; more if a lazy penalty would otherwise be in none of them. */
  steps: number;
  onRound?(round: number): void;
}

const BATCH = 16;

/**
 * Compares one step.
 * @throws Error where a side fails, or the networks differ in their number of parameters
 */
export async function compare(options: CompareOptions): Promise<VersusRow> {
  const [ours, peer] = await startSides(options);
  try {
    checkParameters(ours, peer);
    const every = ours.facts.every ?? 1;
    const steps = Math.max(options.steps, Math.ceil(every / options.rounds));
    const times = { ours: [] as SideTimes[], peer: [] as SideTimes[] };
    const used = { ours: ours.processorSeconds(), peer: peer.processorSeconds() };
    let idleLoad = 0;
    for (let round = 0; round < options.rounds; round++) {
      for (
        const [side, list, idle] of [[ours, times.ours, peer], [peer, times.peer, ours]] as const
      ) {
        const before = idle.processorSeconds(), start = performance.now();
        list.push(await side.run(steps));
        const seconds = (performance.now() - start) / 1000;
        idleLoad = Math.max(idleLoad, (idle.processorSeconds() - before) / seconds);
      }
      options.onRound?.(round + 1);
    }
    const processor = (side: Side, before: number) =>
      (side.processorSeconds() - before) * 1000 / (options.rounds * steps);
    const rate = (rounds: SideTimes[]) => BATCH * 1000 / averageStep(joined(rounds), every);
    const [mine, theirs] = [rate(times.ours), rate(times.peer)];
    return {
      name: `${options.case.name}, ${options.resolution} px`,
      peer: options.peer,
      precision: options.precision,
      ours_images_per_s: round3(mine),
      peer_images_per_s: round3(theirs),
      ratio: round3(mine / theirs),
      // two quartiles
      ratio_quartiles: ratioQuartiles(times.ours, times.peer).map(round3) as [number, number],
      ours_processor_ms: round3(processor(ours, used.ours)),
      peer_processor_ms: round3(processor(peer, used.peer)),
      resolution: options.resolution,
      batch: BATCH,
      rounds: options.rounds,
      peer_layout: peer.facts.layout ?? "",
      idle_load: round3(idleLoad),
    };
  } finally {
    await Promise.all([ours.close(), peer.close()]);
  }
}

/** Starts one after the other, so that each warms up alone. */
async function startSides(options: CompareOptions): Promise<[Side, Side]> {
  const { resolution, precision, peer, threads, device } = options;
  const own = fileURLToPath(new URL("./our_side.ts", import.meta.url));
  const script = fileURLToPath(new URL(`../../../plugins/${options.case.script}`, import.meta.url));
  const theirs = await startSide(options.python, [
    script,
    ...options.case.args,
    ...["--resolution", `${resolution}`, "--batch", `${BATCH}`],
    ...["--threads", `${threads}`, "--mode", peer],
    ...["--device", device === "gpu" ? "cuda" : "cpu"],
  ], { PYTHONPATH: fileURLToPath(new URL(".", import.meta.url)) }); // for peer.py
  try {
    const args = [options.case.name, `${resolution}`, precision, `${threads}`, device];
    const ours = await startSide(Deno.execPath(), ["run", "-A", "--no-check", own, ...args]);
    return [ours, theirs];
  } catch (error) {
    await theirs.close();
    throw error;
  }
}

function checkParameters(ours: Side, peer: Side): void {
  const list = ({ facts: { parameters } }: Side) =>
    Object.entries(parameters).sort().map(([name, count]) => `${name} ${count}`).join(", ");
  if (list(ours) === list(peer) && (ours.facts.batchSize ?? BATCH) === BATCH) return;
  throw new Error(
    `Cannot compare: expected networks of the same size and batches of ${BATCH}, ` +
      `received ours with ${list(ours)}, the peer with ${
        list(peer)
      }, batch ${ours.facts.batchSize}`,
  );
}

function round3(x: number): number {
  return Number(x.toPrecision(4));
}
