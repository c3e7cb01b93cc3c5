/**
 * One session of a run: its phases, cycles of steps, samples, measurements and checkpoints, and the
 * events that report them.
 */
import { ownRows } from "../backend/mod.ts";
import type { HostBatch } from "../data.ts";
import { inOrder } from "../plugin/mod.ts";
import { panelsOf } from "./panels_of.ts";
import { messageOf } from "../text.ts";
import { assertFinite, DivergedError } from "../reporting/diverged_error.ts";
import { watchRejections } from "../reporting/floating_rejection.ts";
import { learningRates } from "./step/learning_rate.ts";
import { createPace } from "../reporting/pace.ts";
import { openPhaseLoop, type PhaseLoop } from "./phase_loop.ts";
import { createLimits, type Ending } from "./limits.ts";
import { drawPreview, heldOutBatch, realsOf } from "./preview.ts";
import { claimOwn } from "../reporting/curve_owners.ts";
import { createReporter } from "../reporting/reporter.ts";
import { addTo, averagesOf, charted, type RunningMeans } from "../reporting/running_means.ts";
import { firstNotFinite, takeSnapshot, withoutTrace } from "./snapshot.ts";
import type { TrainOptions, TrainResult } from "./train_options.ts";
import { parameterCounts } from "./training_state.ts";
import { createRunWatch } from "./watch.ts";
import { expectPlainStates } from "./expect_plain_states.ts";
import { followWorkers } from "./follow_workers.ts";

/** The steps of which {@linkcode train} is made. */
export interface TrainSession {
  /** Emits the start event, and writes the picture of reals where the run is new. */
  begin(): Promise<void>;
  /**
   * Why the session must end now; undefined where it goes on. All workers of a run get the same
   * answer.
   */
  ending(): Promise<Ending | undefined>;
  /** Grows the networks and opens the data for the current phase, unless that has been done. */
  enterPhase(): Promise<void>;
  cycle(): Promise<void>;
  /** Passes on what hooks logged and charted in the cycle, and emits its speed. */
  report(): Promise<void>;
  /** Does what became due in the cycle: curve points, samples, measurements, checkpoints. */
  runDue(): Promise<void>;
  /** Draws the last samples and writes the last checkpoint. */
  finish(end: Ending): Promise<TrainResult>;
  /**
   * Emits why the session failed. Writes a checkpoint first where the training itself is intact and
   * only code outside of it failed.
   */
  fail(error: unknown): Promise<void>;
  /** Closes the phase's loader and disposes its steps. */
  close(): Promise<void>;
}

/** Opens a session; nothing is read or emitted yet. */
export function openSession(options: TrainOptions): TrainSession {
  const { training, dataset, output } = options;
  const { run, counters, driver, outbox } = training;
  const reporter = createReporter({ observers: options.observers, outbox, counters, output });
  const { emit, surviving } = reporter;
  const rejections = watchRejections(inOrder(training.plugins));
  const watch = createRunWatch(training);
  const pace = createPace({ relativeTimes: options.relativeTimes });
  const limits = createLimits(options), { imagesTotal } = limits;
  let interval: RunningMeans = options.interval ?? {}, timings: RunningMeans = {};
  let loop: PhaseLoop | undefined, reals: HostBatch | undefined; // of the current phase
  let before = training.position(); // at the start of the last cycle
  let seenBefore = counters.imagesSeen;
  let saved: { digest: string; path: string; imagesSeen: number } | undefined;
  let drawnAt = -1;
  const workers = followWorkers(options);

  const speed = () => ({
    imagesPerSecond: pace.imagesPerSecond,
    etaSeconds: pace.remaining(training.phases, counters.imagesSeen, imagesTotal()),
  });

  /** Claims curve names for Cambium, warning where a plugin charts one of them too. */
  function own(values: Record<string, number>): Record<string, number> {
    claimOwn(training, Object.keys(values));
    return values;
  }

  /** Which plugin a step's value belongs to, in words; undefined for Cambium's own. */
  function writerOf(name: string): string | undefined {
    const term = loop?.terms.find((term) => "term/" + term.name === name);
    return term ? `plugin "${term.plugin}"` : training.curves.claim(name);
  }

  /** What is done, in this order, each time `every` more images have been seen; 0: never. */
  const due: readonly { every: number; action: () => Promise<void> }[] = [
    { every: run.statsEvery, action: progress },
    { every: run.sampleEvery, action: samples },
    { every: run.metricsEvery, action: () => surviving("measurement", measurement) },
    { every: run.checkpointEvery, action: dueCheckpoint },
  ];

  async function progress(): Promise<void> {
    expectPlainStates(training.plugins);
    const averages = averagesOf(interval), shares = averagesOf(timings);
    const values = { ...averages, ...shares, ...learningRates(training), alpha: before.alpha };
    [interval, timings] = [{}, {}];
    await emit({
      type: "progress",
      imagesSeen: counters.imagesSeen,
      imagesTotal: imagesTotal(),
      position: training.position(),
      ...speed(),
      trainedSeconds: training.trainedSeconds,
      values: { ...values, ...own(workers.values(counters.imagesSeen, pace.imagesPerSecond)) },
      time: Date.now(),
    });
    await reporter.log(watch.values(averages));
    await reporter.showPanels();
    if (driver.advance()) {
      training.cutPhase();
      await emit({ type: "schedule", phases: training.phases, imagesTotal: imagesTotal() });
    }
  }

  async function samples(): Promise<void> {
    if (!reals || drawnAt === counters.imagesSeen) return;
    drawnAt = counters.imagesSeen;
    const weights = training.average ? "ema" as const : "live" as const;
    const preview = await drawPreview(training, reals, weights);
    const { phase: { resolution, kind: phaseKind }, alpha } = training.networksAt();
    const facts = { imagesSeen: counters.imagesSeen, resolution, phaseKind, alpha, weights };
    await surviving("sample grid", async () => {
      const { entry, surplus } = await output.writeSamples(preview, facts);
      await emit({ type: "samples", entry, removed: surplus });
      // if a crash comes first, they are surplus again next time
      await output.removeSamples(surplus);
    });
    driver.sampled(preview);
    const charts = await reporter.passOn();
    const { values, lines } = watch.samples(preview, reals, charts);
    await reporter.chart(own(values));
    await reporter.log(lines);
  }

  async function measurement(): Promise<void> {
    if (!options.measure) return;
    const figures = await options.measure(training);
    driver.measured(figures);
    await reporter.passOn();
    await reporter.chart(own(figures));
  }

  async function dueCheckpoint(): Promise<void> {
    if (ending()) return; // finish() writes one
    await surviving("checkpoint", checkpoint);
  }

  /**
   * @throws DivergedError where a weight is not finite: pruning would remove the last good
   * checkpoint in favour of this one
   * @throws PluginError where a plugin's state can't be stored
   */
  async function checkpoint(): Promise<NonNullable<typeof saved>> {
    if (saved?.imagesSeen === counters.imagesSeen) return saved;
    expectPlainStates(training.plugins);
    training.enterPhase(); // at a phase boundary, the stored networks must match imagesSeen
    const snapshot = await takeSnapshot(training, interval);
    const bad = firstNotFinite(snapshot);
    if (bad) throw new DivergedError(bad.path, bad.value, counters.imagesSeen);
    const { entry, removed } = await output.writeCheckpoint(snapshot, resolutionEnded());
    const { digest, path } = entry;
    saved = { digest, path, imagesSeen: counters.imagesSeen };
    await emit({ type: "checkpoint", entry, removed });
    driver.checkpoint({ folder: output.folder, path, digest });
    await reporter.passOn();
    return saved;
  }

  /** The resolution that the last cycle completed, px; undefined where it goes on. */
  function resolutionEnded(): number | undefined {
    const { resolution } = before.phase;
    return training.position().phase.resolution > resolution ? resolution : undefined;
  }

  function ending(): Ending | undefined {
    if (rejections.error) throw rejections.error;
    return limits.ending();
  }

  async function closePhase(): Promise<void> {
    const closing = loop;
    loop = undefined;
    await closing?.close();
  }

  return {
    ending: async () => await workers.agree(ending()),

    async begin() {
      if (counters.imagesSeen === 0) {
        const batch = await heldOutBatch(training, dataset, run.resolution);
        await output.writeReals(realsOf(dataset, batch));
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
        panels: panelsOf(training.plugins),
        parameters: parameterCounts(training),
      });
    },

    async enterPhase() {
      const position = training.position(), { phase } = position;
      if (loop?.phase.index === phase.index) return;
      await closePhase();
      if (options.growthGuard) {
        const fits = await options.growthGuard.look(phase);
        await reporter.passOn();
        if (!fits) await surviving("checkpoint", checkpoint);
      }
      const { resolution, batchSize } = phase, { cursor } = counters, { seed, flip } = run;
      reals = await heldOutBatch(training, dataset, resolution, { fill: false });
      const { place } = training.backend;
      // a batch that is split into parts needs all of its rows here
      const rows = place && counters.parts === 1 ? ownRows(place, batchSize) : undefined;
      const loader = dataset.open({ resolution, batchSize, cursor, seed, flip, rows });
      loop = openPhaseLoop(
        training,
        loader,
        (name, stats) => emit({ type: "recorded", imagesSeen: counters.imagesSeen, name, stats }),
      );
      const { imagesSeen } = counters, parameters = parameterCounts(training);
      await emit({ type: "phase", imagesSeen, position, parameters });
    },

    async cycle() {
      const { recordings } = loop!; // opened by enterPhase()
      before = training.position();
      seenBefore = counters.imagesSeen;
      const started = performance.now();
      const { values, timings: shares } = await loop!.cycle();
      const seconds = (performance.now() - started) / 1000;
      training.trainedSeconds += seconds;
      assertFinite(values, counters.imagesSeen, writerOf);
      addTo(interval, charted(values));
      addTo(timings, shares);
      // a cycle that recorded is slower than those that follow
      if (loop!.recordings === recordings) {
        pace.add(before.phase.resolution, counters.imagesSeen - seenBefore, seconds);
      }
      driver.step(values);
    },

    async report() {
      await reporter.passOn(interval);
      const { imagesSeen } = counters, secondsPerImage = pace.secondsPerImage(training.phases);
      await emit({ type: "tick", imagesSeen, position: before, ...speed(), secondsPerImage });
    },

    async runDue() {
      for (const { every, action } of due) {
        const crossed = every > 0 &&
          Math.floor(counters.imagesSeen / every) > Math.floor(seenBefore / every);
        if (crossed) await action();
      }
      if (resolutionEnded() !== undefined) await dueCheckpoint();
    },

    async finish(end) {
      // checkpoint() may have grown the networks since the last cycle: `reals` are then too small.
      if (loop?.phase.index === training.networksAt().phase.index) {
        await withoutTrace(training, samples);
      }
      const { digest, path } = await checkpoint();
      await rejections.settle();
      if (rejections.error) throw rejections.error;
      await emit({ type: "end", imagesSeen: counters.imagesSeen, ...end });
      return { ...end, imagesSeen: counters.imagesSeen, digest, path };
    },

    async fail(error) {
      if (error === rejections.error) { // the training itself is intact
        await reporter.log([{ level: "warning", message: messageOf(error), code: "rejection" }]);
        await surviving("checkpoint", checkpoint);
      }
      const reason = messageOf(error);
      await emit({ type: "end", status: "failed", imagesSeen: counters.imagesSeen, reason });
    },

    async close() {
      await closePhase();
      await rejections.close();
    },
  };
}
