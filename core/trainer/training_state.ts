/** The state that training changes: networks, optimizers, moving average, counters, schedule. */
import type { Backend } from "../backend/types.ts";
import type { RunConfig } from "../config/mod.ts";
import type { DatasetInfo } from "../data.ts";
import type { Parameters } from "../layers/mod.ts";
import { createAdam, createEma, createRmsprop, type Ema, type Optimizer } from "../optim/mod.ts";
import {
  checkShown,
  type ConfiguredPlugin,
  type Context,
  createDriver,
  inOrder,
  mapPlugins,
  type Model,
  type NetworkName,
  type PluginDriver,
  type PluginState,
  type RunPlugins,
  type TrainedPlugin,
} from "../plugin/mod.ts";
import { seedFor } from "../random.ts";
import { resolutionSpan } from "../resolution_span.ts";
import { type Phase, phaseAt, phasesOf, type Position } from "../schedule.ts";
import { firstBlockOf, planOf } from "../config/mod.ts";
import { chartOf } from "../reporting/chart_of.ts";
import { createCurveOwners, type CurveOwners } from "../reporting/curve_owners.ts";
import { createOutbox, type Outbox } from "../reporting/reporter.ts";
import { expectPlainStates } from "./expect_plain_states.ts";

/** Both networks, in the order in which a cycle trains them. */
export const NETWORKS = ["discriminator", "generator"] as const satisfies readonly NetworkName[];

/** Options of {@linkcode createTrainingState}. */
export interface TrainingStateOptions {
  run: RunConfig;
  plugins: RunPlugins<ConfiguredPlugin>;
  dataset: DatasetInfo;
  backend: Backend;
}

/** The options that a training was created with, to create another that shares nothing with it. */
export function optionsOf(
  { run, plugins, dataset, backend }: TrainingState,
): TrainingStateOptions {
  return { run, plugins, dataset, backend };
}

/** Whole numbers that a checkpoint keeps. */
export interface Counters {
  /** Reals shown to the discriminator: the run's clock. */
  imagesSeen: number;
  /** Samples consumed from the data: the loader's cursor. */
  cursor: number;
  /** Generator steps: they determine which lazy terms are due, and seed random draws. */
  generator: number;
  /** Discriminator steps, likewise. */
  discriminator: number;
  /** Parts that a batch is split into (gradient accumulation), for lack of memory; 1: none. */
  parts: number;
}

/** A run in memory. */
export interface TrainingState {
  readonly run: RunConfig;
  /** The plugins with their contexts. */
  readonly plugins: RunPlugins<TrainedPlugin>;
  readonly driver: PluginDriver;
  readonly backend: Backend;
  readonly dataset: DatasetInfo;
  readonly model: Model;
  readonly optimizers: Readonly<Record<NetworkName, Optimizer>>;
  /** Undefined where `emaImages` is 0. */
  readonly average: Ema | undefined;
  readonly counters: Counters;
  /** What plugins logged, charted and showed since it was last taken. */
  readonly outbox: Outbox;
  /** Who writes which curve in this session. */
  readonly curves: CurveOwners;
  /** The schedule; plugins may cut phases short. */
  phases: readonly Phase[];
  /** Training time over all sessions, seconds. */
  trainedSeconds: number;
  /** The phase and alpha of the next step, by `counters.imagesSeen`. */
  position(): Position;
  /**
   * The phase and alpha that the networks are in: a phase that is over remains so until the next
   * one is entered.
   */
  networksAt(): Pick<Position, "phase" | "alpha">;
  /** Grows and stabilizes the networks up to the phase at `imagesSeen`; true if they changed. */
  enterPhase(): boolean;
  /** Ends the current phase now, if it is not over; later phases move up. */
  cutPhase(): void;
  network(name: NetworkName): Parameters;
  /** Disposes weights, moments and averages. */
  dispose(): void;
}

/**
 * Builds the networks at their first block and grows them to the first resolution; no image has
 * been seen yet.
 * @throws PluginError where a plugin's `build` fails, or its `state` can't be stored
 */
export function createTrainingState(options: TrainingStateOptions): TrainingState {
  const { run, backend, dataset } = options;
  const firstBlock = firstBlockOf(run);
  const outbox = createOutbox(), curves = createCurveOwners();
  const counters: Counters = { imagesSeen: 0, cursor: 0, generator: 0, discriminator: 0, parts: 1 };
  let phases = frozen(phasesOf(planOf(run, dataset.count)));
  let built: Model | undefined;
  let entered = phases[0]!; // phasesOf returns at least one
  const position = () => phaseAt(phases, counters.imagesSeen);
  const networksAt = () => {
    const { phase, alpha } = position();
    return phase.index === entered.index ? { phase, alpha } : { phase: entered, alpha: 1 };
  };

  const contextOf = ({ plugin, config }: ConfiguredPlugin): Context => ({
    config: Object.freeze({ ...config }), // plugins in JavaScript could change what others read
    // build() builds from the first block
    run: Object.freeze({ ...run, startResolution: firstBlock }),
    state: (plugin.state?.() ?? {}) as PluginState, // the definition's own type extends it
    dataset,
    backend,
    get phase() {
      return entered;
    },
    get span() {
      return resolutionSpan(phases, entered);
    },
    get alpha() {
      return networksAt().alpha;
    },
    get imagesSeen() {
      return counters.imagesSeen;
    },
    seed: seedFor(run.seed, "plugin/" + plugin.name)[0],
    get model() {
      if (!built) {
        throw new Error("Cannot use context.model: expected it after build() has answered");
      }
      return built;
    },
    augment: (images, batch, origin) => driver.augment(images, batch, origin),
    log: outbox.log,
    warn: (code, message) => outbox.warn(code, message, plugin.name),
    chart: (name, value) => chartOf({ outbox, curves, plugin: plugin.name }, name, value),
    show(name, data) {
      const panel = plugin.panels?.[name];
      if (!panel) {
        throw new TypeError(
          `Cannot show panel "${name}": expected one of ${
            Object.keys(plugin.panels ?? {}).join(", ") || "none: the plugin declares no panels"
          }`,
        );
      }
      outbox.show({ plugin: plugin.name, name, panel, data: checkShown(name, panel, data) });
    },
  });
  const plugins = mapPlugins(options.plugins, (p) => ({ ...p, context: contextOf(p) }));
  expectPlainStates(plugins);
  const driver = createDriver(inOrder(plugins));
  const model = built = driver.build();
  for (let r = firstBlock * 2; r <= run.startResolution; r *= 2) {
    driver.grow(r);
    driver.stabilize();
  }
  const network = (name: NetworkName) => model[name];
  const optimizers = {
    generator: optimizerOf(run, driver, model, "generator"),
    discriminator: optimizerOf(run, driver, model, "discriminator"),
  };
  const average = run.emaImages > 0 ? createEma(model.generator.variables()) : undefined;

  function syncAll(grown: boolean): void {
    for (const name of NETWORKS) {
      if (grown && run.resetOptimizer) optimizers[name].reset();
      optimizers[name].sync(network(name).trainable());
    }
    average?.sync(model.generator.variables());
  }

  return {
    run,
    plugins,
    driver,
    backend,
    dataset,
    model,
    optimizers,
    average,
    counters,
    outbox,
    curves,
    get phases() {
      return phases;
    },
    set phases(value) {
      phases = frozen(value);
      entered = phases[entered.index] ?? entered;
    },
    trainedSeconds: 0,
    position,
    networksAt,
    network,
    enterPhase() {
      const target = position().phase;
      let changed = false;
      while (entered.index < target.index) {
        const next = phases[entered.index + 1]!; // index < target.index
        const grows = next.resolution > entered.resolution;
        // the resolution before had no stabilize phase
        if (grows && entered.kind === "fade") driver.stabilize();
        entered = next;
        if (grows) driver.grow(next.resolution);
        if (next.kind === "stabilize" && (grows || next.start > 0)) driver.stabilize();
        syncAll(grows);
        changed = true;
      }
      return changed;
    },
    cutPhase() {
      const { index, end } = entered, cut = end - counters.imagesSeen;
      if (cut <= 0) return;
      phases = frozen(
        phases.map((p) =>
          p.index < index
            ? p
            : { ...p, start: p.index === index ? p.start : p.start - cut, end: p.end - cut }
        ),
      );
      entered = phases[entered.index]!; // indices are unchanged
    },
    dispose() {
      for (const name of NETWORKS) {
        optimizers[name].dispose();
        network(name).remove();
      }
      average?.dispose();
    },
  };
}

/**
 * Hooks get the phase objects themselves: frozen, so that none can silently change the schedule.
 */
function frozen(phases: readonly Phase[]): readonly Phase[] {
  return phases.map((phase) => Object.freeze({ ...phase }));
}

/** A plugin's own optimizer, or the one that `--optimizer` names. */
function optimizerOf(
  { optimizer, beta1, beta2, epsilon }: RunConfig,
  driver: PluginDriver,
  model: Model,
  network: NetworkName,
): Optimizer {
  const variables = model[network].trainable();
  const own = driver.optimizer(network, variables);
  if (own) return own;
  return optimizer === "adam"
    ? createAdam(variables, { beta1, beta2, epsilon })
    : createRmsprop(variables, { alpha: beta2, epsilon });
}

/** Trainable parameters of each network. */
export function parameterCounts(
  { model }: Pick<TrainingState, "model">,
): Record<NetworkName, number> {
  const count = (network: Parameters) =>
    network.trainable().reduce((sum, { variable }) => sum + variable.size, 0);
  return { generator: count(model.generator), discriminator: count(model.discriminator) };
}

/**
 * The moving average's decay per batch for a half-life in images. The half-life is shorter at the
 * start of a run, so that the average does not lag behind.
 */
export function averageDecay(
  halfLifeImages: number,
  imagesSeen: number,
  batchSize: number,
): number {
  // Karras et al. 2020 ("ADA"): the half-life is at most 5 % of the images seen.
  const halfLife = Math.min(halfLifeImages, Math.max(imagesSeen * 0.05, batchSize));
  return 0.5 ** (batchSize / halfLife);
}
