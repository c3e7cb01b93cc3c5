/**
 * Runs as a trainer would leave them, with curves, pictures, log and checkpoints; for tests and
 * screenshots.
 */
import { join } from "node:path";
import { usualCommands } from "../../core/run/store/run_commands.ts";
import type {
  RunDetails,
  RunHead,
  RunStore,
  SampleEntry,
  SeriesPoint,
} from "../../core/run/store/types.ts";
import { type Phase, phaseAt, phasesOf } from "../../core/schedule.ts";
import { addPanels } from "./fake_panels.ts";
import { fakeGrid, randomOf } from "./fake_pictures.ts";

/** A run to create. */
export interface FakeRun {
  id: string;
  plugin?: string;
  data?: string;
  /** Largest resolution, px a side. */
  resolution?: number;
  phaseImages?: number;
  /** Progress, 0 … 1. */
  progress?: number;
  status?: RunHead["status"];
  points?: number;
  /** Cells a side of each grid; 0 writes no pictures. */
  grid?: number;
  /** Columns of a grid that the generator drew; default: all. */
  drawn?: number[];
  snapshots?: number;
  startedAt?: number; // ms since 1970
  heartbeatAt?: number; // ms since 1970
  config?: Record<string, unknown>;
  /** Whether plugins show panels. */
  panels?: boolean;
  error?: string;
}

/** The schedule of a fake run. */
export function fakePhases(resolution: number, phaseImages: number): Phase[] {
  const resolutions = [];
  for (let r = 4; r <= resolution; r *= 2) resolutions.push(r);
  return phasesOf(resolutions.map((r, i) => ({
    resolution: r,
    fadeImages: i === 0 ? 0 : phaseImages,
    stabilizeImages: phaseImages,
    batchSize: r < 32 ? 32 : 16,
    learningRate: 0.001 * (r < 32 ? 1 : 1.5),
  })));
}

/** A point of a fake run's curves. */
export function fakePoint(phases: readonly Phase[], imagesSeen: number, time: number): SeriesPoint {
  const { phase, alpha } = phaseAt(phases, imagesSeen);
  const random = randomOf(imagesSeen + 5);
  const noise = (size: number) => (random() + random() + random() - 1.5) * size;
  const part = (imagesSeen - phase.start) / (phase.end - phase.start);
  const shock = phase.kind === "fade" ? Math.exp(-part * 6) * 0.9 : 0;
  const level = Math.log2(phase.resolution) / 10;
  const real = 0.6 + 0.25 * level + 0.3 * Math.exp(-part * 3) + shock * 0.5 + noise(0.25);
  const fake = -0.5 - 0.2 * level - shock + noise(0.3);
  const penalty = 0.08 + 0.1 * shock + Math.abs(noise(0.04));
  return {
    imagesSeen,
    time,
    values: {
      "loss/discriminator": Math.log1p(Math.exp(-real)) + Math.log1p(Math.exp(fake)) + penalty,
      "loss/generator": Math.log1p(Math.exp(-fake)) + noise(0.08),
      "term/logistic_real": Math.log1p(Math.exp(-real)),
      "term/logistic_fake": Math.log1p(Math.exp(fake)),
      "term/r1": penalty,
      "score/real": real,
      "score/fake": fake,
      "rate/images_per_second": fakeRate(phase.resolution) * (1 + noise(0.04)),
      "learning_rate": phase.learningRate,
      "alpha": alpha,
    },
  };
}

function fakeRate(resolution: number): number {
  return 2600 / (1 + (resolution / 8) ** 1.5);
}

/**
 * Writes a run into a store, and its pictures into its folder.
 * @param runsDir folder of all runs
 */
export async function fakeRun(store: RunStore, runsDir: string, run: FakeRun): Promise<void> {
  const { id, resolution = 64, phaseImages = 40_000, progress = 0.62, points = 3000, grid = 4 } =
    run;
  const phases = fakePhases(resolution, phaseImages);
  const total = phases.at(-1)!.end; // phasesOf() returns at least one
  const seen = Math.round(total * progress);
  const now = Date.now();
  const secondsAt = clockOf(phases);
  const startedAt = run.startedAt ?? now - secondsAt(seen) * 1000;
  const timeAt = (images: number) => startedAt + secondsAt(images) * 1000;
  const { phase, alpha } = phaseAt(phases, seen);
  const folder = join(runsDir, id);
  await Deno.mkdir(join(folder, "samples"), { recursive: true });
  const status = run.status ?? "running";
  const isOver = status !== "running";
  await store.create({
    schema: 1,
    id,
    folder,
    plugin: run.plugin ?? "stylegan",
    data: run.data ?? "emoji",
    status,
    pid: 4242,
    phaseIndex: phase.index,
    resolution: phase.resolution,
    phaseKind: phase.kind,
    alpha,
    imagesSeen: seen,
    imagesTotal: total,
    imagesPerSecond: isOver ? 0 : fakeRate(phase.resolution),
    etaSeconds: isOver ? null : secondsAt(total) - secondsAt(seen),
    secondsPerImage: Object.fromEntries(
      phases.map(({ resolution }) => [resolution, 1 / fakeRate(resolution)]),
    ),
    startedAt,
    heartbeatAt: run.heartbeatAt ?? (isOver ? timeAt(seen) : now),
    endedAt: isOver ? timeAt(seen) : null,
    trainedSeconds: secondsAt(seen),
    seed: 7,
    latestSample: null,
    warnings: 0,
    error: run.error ?? null,
    sessions: 1,
  }, fakeDetails(phases, run));

  const series = Array.from({ length: points }, (_, i) => {
    const images = Math.round(seen * (i + 1) / points);
    const point = fakePoint(phases, images, timeAt(images));
    if (i % 150 === 149) {
      point.values["metric/swd"] = 0.04 + 0.3 * Math.exp(-images / 60_000) + 0.01 * (i % 7);
      point.values["metric/swd_floor"] = 0.03;
      point.values["diversity"] = 0.2 - 0.08 * Math.exp(-images / 30_000);
    }
    return point;
  });
  for (let i = 0; i < series.length; i += 2000) {
    await store.appendSeries(id, series.slice(i, i + 2000));
  }
  if (grid > 0) {
    await addPictures(store, {
      folder,
      id,
      phases,
      seen,
      grid,
      ...(run.drawn ? { drawn: run.drawn } : {}),
      timeAt,
      count: run.snapshots ?? 24,
    });
  }
  if (run.panels) await addPanels(store, id, { folder, imagesSeen: seen });
  for (const part of [0.4, 0.7, 0.999]) {
    const imagesSeen = Math.round(seen * part);
    await store.addCheckpoint(id, {
      imagesSeen,
      path: `checkpoints/${imagesSeen}`,
      bytes: 38_400_000 + 1_000_000 * Math.round(10 * part),
      digest: hexOf(imagesSeen),
      time: timeAt(imagesSeen),
    });
  }
  await store.appendLog(id, [
    ...phases.filter((p) => p.start <= seen).map((p) => ({
      time: timeAt(p.start),
      imagesSeen: p.start,
      level: "info" as const,
      message: `${
        p.kind === "fade" ? "Fading in" : "Stabilizing"
      } ${p.resolution} px, batch ${p.batchSize}`,
    })),
    {
      time: timeAt(seen),
      imagesSeen: seen,
      level: "info",
      message: `Checkpoint written at ${seen} images`,
    },
  ]);
}

function fakeDetails(phases: Phase[], run: FakeRun): RunDetails {
  const preset = {
    plugin: run.plugin ?? "stylegan",
    preset: "small",
    latentSize: 128,
    loss: "logistic",
    r1: { gamma: 10, every: 16 },
    optimizer: { name: "adam", beta1: 0, beta2: 0.99 },
    ema: { halfLifeImages: 10_000 },
    seed: 7,
  };
  return {
    phases,
    version: "0.1.0",
    config: { ...preset, ...run.config },
    preset: { name: "small", config: preset },
    commands: {
      ...usualCommands(run.id),
      extend: `deno task train --resume ${run.id} --minutes 60`,
      others: [
        { label: "Draw more", command: `deno task sample --run ${run.id} --seeds 0-63` },
        { label: "Mix styles", command: `deno task mix --run ${run.id}` },
      ],
    },
    backend: {
      name: "tensorflow",
      precision: "float32",
      library: "TensorFlow 2.21.0",
      origin: "the cache of this user",
      threads: 2,
      devices: [{ name: "CPU:0", kind: "CPU" }],
      fingerprint: {},
    },
    dataset: {
      kind: "images",
      name: run.data ?? "emoji",
      source: "npm:fluent-emoji",
      digest: hexOf(99),
      count: 1543,
      heldOutCount: 171,
      channels: 3,
      maxResolution: 64,
      labels: [],
      skippedCount: 2,
    },
  };
}

interface Pictures {
  folder: string;
  id: string;
  phases: Phase[];
  seen: number;
  grid: number;
  drawn?: number[];
  count: number;
  timeAt: (images: number) => number;
}

async function addPictures(store: RunStore, options: Pictures): Promise<void> {
  const { folder, id, phases, seen, grid, drawn, count, timeAt } = options;
  const size = { columns: grid, rows: grid };
  const real = await fakeGrid({ ...size, resolution: 64, quality: 1, firstSeed: 500 });
  await Deno.writeFile(join(folder, "reals.png"), real);
  let path = "";
  for (let i = 1; i <= count; i++) {
    const imagesSeen = Math.round(seen * i / count);
    const { phase, alpha } = phaseAt(phases, imagesSeen);
    const part = (imagesSeen - phase.start) / (phase.end - phase.start);
    const quality = phase.kind === "fade" ? 0.45 + 0.25 * part : 0.7 + 0.25 * part;
    path = `samples/${String(imagesSeen).padStart(9, "0")}-${phase.resolution}px.png`;
    const picture = await fakeGrid({
      ...size,
      resolution: phase.resolution,
      quality,
      firstSeed: 0,
    });
    await Deno.writeFile(join(folder, path), picture);
    const entry: SampleEntry = {
      ...size,
      imagesSeen,
      resolution: phase.resolution,
      phaseKind: phase.kind,
      alpha,
      path,
      cell: phase.resolution,
      ...(drawn ? { drawn } : {}),
      weights: "ema",
      time: Math.round(timeAt(imagesSeen)),
    };
    await store.addSample(id, entry);
  }
  await store.update(id, { latestSample: path });
}

/** Returns the seconds that training up to a number of images takes. */
function clockOf(phases: readonly Phase[]): (images: number) => number {
  return (images) =>
    phases.reduce((sum, { start, end, resolution }) => {
      const inPhase = Math.min(end, images) - start;
      return inPhase > 0 ? sum + inPhase / fakeRate(resolution) : sum;
    }, 0);
}

function hexOf(seed: number): string {
  const random = randomOf(seed);
  return Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join("");
}
