/** One session of a run, read top to bottom: phases, steps, samples, checkpoints, events. */
import type { Dataset } from "../data.ts";
import type { Observer } from "../events.ts";
import { inOrder } from "../plugin/mod.ts";
import type { Position } from "../schedule.ts";
import { messageOf } from "../text.ts";
import { createRunWatch } from "./run_watch.ts";
import { assertFinite, DivergedError } from "./diverged_error.ts";
import { createEmitter } from "./emitter.ts";
import { createGrowthGuard } from "./growth_guard.ts";
import { addTo, averagesOf, charted, type RunningMeans } from "./running_means.ts";
import type { RunOutput } from "./output.ts";
import { createPace } from "./pace.ts";
import { drawPreview } from "./preview.ts";
import { parameterCount, type TrainingState } from "./training_state.ts";
import { firstNotFinite, type Snapshot, takeSnapshot, withoutTrace } from "./snapshot.ts";
import { heldOutBatch, openPhaseLoop, type PhaseLoop, realsOf } from "./phase_loop.ts";
import { createTelling } from "./telling.ts";

/** What a session needs. */
export interface TrainOptions {
  /** The run in memory, at its first image or restored from a checkpoint. */
  training: TrainingState;
  /** Where batches come from; not closed. */
  dataset: Dataset;
  /** Where pictures and checkpoints go. */
  output: RunOutput;
  /** Told of every event, in order; one that fails is muted. */
  observers: readonly Observer[];
  /** Aborting it checkpoints at the next step boundary and ends the session as "stopped". */
  signal: AbortSignal;
  /** Sums of an interval that the checkpoint had begun. */
  interval?: RunningMeans;
  /** Measures generated images against real ones; charted where `metricsEvery` is not 0. */
  measure?(training: TrainingState): Promise<Record<string, number>>;
  /** Bytes that the process may still take, see `availableMemory()`; absent: growth is not looked at beforehand. */
  availableMemory?(): number;
  /** All options, for the start event. */
  config: Record<string, unknown>;
}

/** How a session ended. */
export interface TrainResult {
  /** "stopped" can be resumed; "finished" has reached its end. */
  status: "finished" | "stopped";
  /** Where it ended. */
  imagesSeen: number;
  /** Why, for people. */
  reason: string;
  /** Of the last checkpoint: the hash of the whole state. */
  digest: string;
  /** Of the last checkpoint, relative to the run folder. */
  path: string;
}

/**
 * Trains until the schedule, a budget or the signal ends it.
 * @throws DivergedError where a loss is not finite, PluginError where a plugin fails
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { training, dataset, output, signal } = options;
  const { run, counters, driver } = training;
  const emit = createEmitter(options.observers, () => counters.imagesSeen);
  const { tell, measured, flush, flushNow, show, surviving } = createTelling(
    training,
    output,
    emit,
  );
  const watch = createRunWatch(training);
  const pace = createPace();
  const guard = options.availableMemory &&
    createGrowthGuard(training, dataset, options.availableMemory);
  const imagesTotal = () => Math.min(run.images || Infinity, training.phases.at(-1)!.end);
  const sessionStart = performance.now();
  let interval: RunningMeans = options.interval ?? {}, timings: RunningMeans = {};
  let saved: { digest: string; path: string; imagesSeen: number } | undefined;
  let drawnAt = -1;
  let loop: PhaseLoop | undefined;

  const sizes = () => ({
    generator: parameterCount(training.model.generator),
    discriminator: parameterCount(training.model.discriminator),
  });

  async function checkpoint(): Promise<NonNullable<typeof saved>> {
    if (saved?.imagesSeen === counters.imagesSeen) return saved;
    training.enterPhase(); // at a phase's first image too, networks are those that imagesSeen says
    const { entry, removed } = await output.writeCheckpoint(await snapshot());
    const { digest, path } = entry;
    saved = { digest, path, imagesSeen: counters.imagesSeen };
    await emit({ type: "checkpoint", entry, removed });
    driver.checkpoint({ path, digest });
    await flushNow();
    return saved;
  }

  /** @throws DivergedError where a weight is not finite: such a checkpoint would push out the last good one */
  async function snapshot(): Promise<Snapshot> {
    const taken = await takeSnapshot(training, interval);
    const bad = firstNotFinite(taken);
    if (bad) throw new DivergedError(bad.path, bad.value, counters.imagesSeen);
    return taken;
  }

  async function samples({ preview: reals }: PhaseLoop): Promise<void> {
    if (drawnAt === counters.imagesSeen) return;
    drawnAt = counters.imagesSeen;
    const weights = training.average ? "ema" as const : "live" as const;
    const preview = await drawPreview(training, reals, weights);
    const { phase: { resolution, kind: phaseKind }, alpha } = training.networksAt();
    const facts = { imagesSeen: counters.imagesSeen, resolution, phaseKind, alpha, weights };
    await surviving("sample grid", async () => {
      await emit({ type: "samples", entry: await output.writeSamples(preview, facts) });
    });
    driver.sampled(preview);
    const charts = await flushNow();
    const { values, lines } = watch.samples(preview, reals, charts);
    await measured(values);
    await tell(lines);
  }

  async function measurement(): Promise<void> {
    if (!options.measure) return;
    const figures = await options.measure(training);
    driver.measured(figures);
    await flushNow();
    await measured(figures);
  }

  /** Why the session ends now, if it does. */
  function ending(position: Position): Pick<TrainResult, "status" | "reason"> | undefined {
    if (position.done) return { status: "finished", reason: "the schedule is over" };
    if (counters.imagesSeen >= imagesTotal()) {
      return { status: "finished", reason: `--images ${run.images} is reached` };
    }
    if (run.minutes > 0 && performance.now() - sessionStart >= run.minutes * 60_000) {
      return { status: "stopped", reason: `--minutes ${run.minutes} are over` };
    }
    return signal.aborted ? { status: "stopped", reason: messageOf(signal.reason) } : undefined;
  }

  try {
    if (counters.imagesSeen === 0) {
      await output.writeReals(realsOf(await heldOutBatch(training, dataset, run.resolution)));
    }
    training.enterPhase();
    await emit({
      type: "start",
      imagesSeen: counters.imagesSeen,
      imagesTotal: imagesTotal(),
      phases: training.phases,
      dataset: dataset.info,
      backend: training.backend.info,
      config: options.config,
      panels: inOrder(training.plugins).flatMap(({ plugin }) =>
        Object.entries(plugin.panels ?? {}).map(([name, panel]) => ({
          plugin: plugin.name,
          name,
          panel,
        }))
      ),
      parameters: sizes(),
    });

    while (true) {
      const position = training.position();
      const end = ending(position);
      if (end) {
        // A checkpoint may have grown the networks since the last cycle.
        const drawn = loop?.phaseIndex === training.networksAt().phase.index ? loop : undefined;
        if (drawn) await withoutTrace(training, () => samples(drawn));
        const { digest, path } = await checkpoint();
        await emit({ type: "end", imagesSeen: counters.imagesSeen, ...end });
        return { ...end, imagesSeen: counters.imagesSeen, digest, path };
      }

      if (loop?.phaseIndex !== position.phase.index) {
        await loop?.close();
        loop = undefined;
        if (guard) {
          const fits = await guard.look(position.phase);
          await flushNow();
          if (!fits) await surviving("checkpoint", checkpoint);
        }
        training.enterPhase();
        loop = await openPhaseLoop(
          training,
          dataset,
          (name, stats) => emit({ type: "recorded", imagesSeen: counters.imagesSeen, name, stats }),
        );
        await emit({
          type: "phase",
          imagesSeen: counters.imagesSeen,
          position,
          parameters: sizes(),
        });
      }
      if (position.alpha < 1) driver.fade(position.alpha);

      const before = counters.imagesSeen, recordings = loop.recordings;
      const started = performance.now();
      const { values, timings: shares } = await loop.cycle();
      const seconds = (performance.now() - started) / 1000;
      training.trainedSeconds += seconds;
      assertFinite(values, counters.imagesSeen);
      addTo(interval, charted(values));
      addTo(timings, shares);
      driver.step(values);
      await flush(interval);
      if (loop.recordings === recordings) { // one that recorded says nothing of those that follow
        pace.add(position.phase.resolution, counters.imagesSeen - before, seconds);
      }
      const { imagesPerSecond } = pace;
      const etaSeconds = pace.remaining(training.phases, counters.imagesSeen, imagesTotal());
      await emit({
        type: "tick",
        imagesSeen: counters.imagesSeen,
        position,
        imagesPerSecond,
        etaSeconds,
      });

      const crossed = (every: number) =>
        every > 0 && Math.floor(counters.imagesSeen / every) > Math.floor(before / every);
      if (crossed(run.statsEvery)) {
        const averages = averagesOf(interval);
        const shares = averagesOf(timings);
        [interval, timings] = [{}, {}];
        await emit({
          type: "progress",
          imagesSeen: counters.imagesSeen,
          imagesTotal: imagesTotal(),
          position: training.position(),
          imagesPerSecond,
          etaSeconds,
          trainedSeconds: training.trainedSeconds,
          values: { ...averages, ...shares, ...ratesOf(training, position), alpha: position.alpha },
          time: Date.now(),
        });
        await tell(watch.values(averages));
        await show();
        if (driver.advance()) training.cutPhase();
      }
      if (crossed(run.sampleEvery)) await samples(loop);
      if (crossed(run.metricsEvery)) await surviving("measurement", measurement);
      // At the end of the session its own checkpoint follows.
      if (crossed(run.checkpointEvery) && !ending(training.position())) {
        await surviving("checkpoint", checkpoint);
      }
    }
  } catch (error) {
    const reason = messageOf(error);
    await emit({ type: "end", status: "failed", imagesSeen: counters.imagesSeen, reason });
    throw error;
  } finally {
    await loop?.close();
  }
}

/** The learning rate, and the discriminator's where plugins give it another. */
function ratesOf({ driver }: TrainingState, position: Position): Record<string, number> {
  const { learningRate } = position.phase;
  const generator = driver.learningRate(learningRate, "generator");
  const discriminator = driver.learningRate(learningRate, "discriminator");
  return {
    learning_rate: generator,
    ...(discriminator === generator ? {} : { "learning_rate/discriminator": discriminator }),
  };
}
