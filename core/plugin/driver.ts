/** Calls the hooks of a run's plugins, combining their answers by the hook's kind. */
import type * as tf from "@tensorflow/tfjs";
import { ConfigError } from "../config/mod.ts";
import type { NamedVariable } from "../layers/mod.ts";
import type { Gradients, Optimizer } from "../optim/mod.ts";
import { messageOf } from "../text.ts";
import { PluginError } from "./plugin_error.ts";
import {
  expectAllTensors,
  expectDecision,
  expectGradients,
  expectLike,
  expectNumbers,
  expectOptimizer,
  expectPreview,
  expectRate,
  expectScalar,
  expectTerms,
} from "./expect_answer.ts";
import type { HookName } from "./hook_kinds.ts";
import type { TrainedPlugin } from "./run_plugins.ts";
import type {
  Context,
  Hooks,
  Preview,
  PreviewRequest,
  SavedCheckpoint,
  StepMetrics,
} from "./hooks.ts";
import type { Model } from "./model.ts";
import type { ImageOrigin, LossTerm, NetworkName, StepContext, StepTensors } from "./step.ts";

/** The parts of a plugin that the driver needs. */
type Member = Pick<TrainedPlugin, "plugin" | "context">;
type Observed = "step" | "sampled" | "measured" | "checkpoint";

/** A loss term with the name of its plugin. */
export interface PluginTerm extends LossTerm {
  readonly plugin: string;
}

/** One method per hook. */
export interface PluginDriver {
  /** Builds the networks with the model plugin; throws where there is none. */
  build(): Model;
  /** Adds a block of `resolution` px to each network. */
  grow(resolution: number): void;
  /** Passes plugins the weight of the newest block, 0 … 1. */
  fade(alpha: number): void;
  /** Drops what fading needed. */
  stabilize(): void;
  /** All plugins' terms; throws where two have the same name. */
  losses(): PluginTerm[];
  /** Numbers that recorded code reads as tensors, by name; throws where two have the same name. */
  inputs(): Record<string, number>;
  /** The loader's tensors after all plugins' changes. */
  transform(tensors: StepTensors, step: StepContext): StepTensors;
  /** Images [N, R, R, C] on their way into the discriminator. */
  augment(images: tf.Tensor4D, step: StepContext, origin: ImageOrigin): tf.Tensor4D;
  /** Gradients of `step.network` by variable path, after all plugins' changes. */
  gradients(gradients: Gradients, step: StepContext): Gradients;
  /** A plugin's own optimizer of a network; undefined where no plugin has the hook. */
  optimizer(network: NetworkName, variables: readonly NamedVariable[]): Optimizer | undefined;
  /**
   * The learning rate of a network's next step, from that of the schedule; throws where a plugin's
   * answer is invalid.
   */
  learningRate(rate: number, network: NetworkName): number;
  /** Undefined where no plugin has the hook. */
  preview(request: PreviewRequest): Preview | undefined;
  /** True where a plugin ends the current phase. */
  advance(): boolean;
  /** Passes on what a cycle of steps measured. Here and below, a hook that fails is muted. */
  step(metrics: StepMetrics): void;
  /** Passes on a sample grid [cells, R, R, C] in [-1, 1]. */
  sampled(images: { data: Float32Array; shape: number[] }): void;
  /** Passes on the metrics of `--metrics-every`. */
  measured(metrics: StepMetrics): void;
  /** Reports a written checkpoint. */
  checkpoint(saved: SavedCheckpoint): void;
  /** Name of the plugin whose hook is running; undefined between hooks. */
  readonly caller: string | undefined;
  /** Hooks that failed and are no longer called, as "<plugin>/<hook>"; part of the run's state. */
  readonly muted: Set<string>;
}

/**
 * Creates the driver of a run's plugins.
 * @param members the plugins with their contexts, in the order of `inOrder()`
 * @returns the driver; its methods throw {@linkcode PluginError}, except that `build` passes on a
 * ConfigError of the model plugin
 */
export function createDriver(members: readonly Member[]): PluginDriver {
  const muted = new Set<string>();
  const inputNames = new Map<Member, { phase: number; names: string }>();
  let caller: string | undefined;

  /** Calls one plugin's hook, naming both in any error. */
  function call<T>(
    member: Member,
    hook: HookName | "build",
    run: (hooks: Hooks, context: Context) => T,
  ): T {
    // hooks nest: augment is called inside losses
    const { plugin, context } = member, before = caller;
    caller = plugin.name;
    try {
      const answer = run(plugin.hooks, context);
      if (answer instanceof Promise) {
        answer.catch(() => {}); // a rejection later would be unhandled
        throw new TypeError(
          "expected the hook to answer at once, received a Promise: hooks are not async",
        );
      }
      return answer;
    } catch (error) {
      if (error instanceof PluginError) throw error;
      // the user's options are wrong, not the plugin
      if (error instanceof ConfigError && hook === "build") throw error;
      const { resolution } = context.phase;
      throw new PluginError(
        { plugin: plugin.name, hook, resolution, imagesSeen: context.imagesSeen },
        error,
      );
    } finally {
      caller = before;
    }
  }
  const having = (hook: HookName) => members.filter((m) => m.plugin.hooks[hook]);

  function first<T>(hook: HookName, run: (hooks: Hooks, context: Context) => T): T | undefined {
    const member = having(hook)[0];
    return member && call(member, hook, run);
  }
  function sequential(hook: HookName, run: (hooks: Hooks, context: Context) => void): void {
    for (const member of having(hook)) call(member, hook, run);
  }
  function chain<T>(
    hook: HookName,
    value: T,
    run: (hooks: Hooks, context: Context, value: T) => T,
  ): T {
    for (const member of having(hook)) {
      value = call(member, hook, (hooks, context) => run(hooks, context, value));
    }
    return value;
  }
  function observe(hook: Observed, run: (hooks: Hooks, context: Context) => void): void {
    for (const member of having(hook)) {
      const key = member.plugin.name + "/" + hook;
      if (muted.has(key)) continue;
      try {
        call(member, hook, run);
      } catch (error) {
        muted.add(key);
        member.context.warn(
          // one code per hook: repeats of a code are dropped
          `plugin-muted-${member.plugin.name}-${hook}`,
          `${messageOf(error)}. This hook is muted; the run goes on.`,
        );
      }
    }
  }

  /**
   * A recorded step reads the inputs that existed when it was recorded: names must not change in a
   * phase.
   */
  function expectSameInputs(answer: Record<string, number>, member: Member) {
    const names = Object.keys(answer).sort().join(", ") || "none";
    const phase = member.context.phase.index, before = inputNames.get(member);
    inputNames.set(member, { phase, names });
    if (!before || before.phase !== phase || before.names === names) return answer;
    throw new TypeError(
      `expected the same inputs at each step of a phase, received ${names} after ` +
        `${before.names}. Return all of them each time, for example 0 for one that is not in use`,
    );
  }

  return {
    build() {
      const maker = members.find((m) => m.plugin.build);
      if (!maker) {
        throw new TypeError("Cannot build: expected a plugin of kind model, received none");
      }
      return call(maker, "build", (_, context) => maker.plugin.build!(context));
    },
    grow: (resolution) => sequential("grow", (h, c) => h.grow!(c, resolution)),
    fade: (alpha) => sequential("fade", (h, c) => h.fade!(c, alpha)),
    stabilize: () => sequential("stabilize", (h, c) => h.stabilize!(c)),
    losses() {
      const terms = having("losses").flatMap((m) =>
        call(m, "losses", (h, c) => expectTerms(h.losses!(c))).map((term) => ({
          ...term,
          plugin: m.plugin.name,
          value: (step: StepContext) =>
            call(m, "losses", () => expectScalar(term.value(step), `loss term "${term.name}"`)),
        }))
      );
      expectOnce("loss term", terms);
      return terms;
    },
    inputs() {
      const answers = having("inputs").map((m) => ({
        plugin: m.plugin.name,
        answer: call(m, "inputs", (h, c) => expectSameInputs(expectNumbers(h.inputs!(c)), m)),
      }));
      expectOnce(
        "input",
        answers.flatMap(({ plugin, answer }) =>
          Object.keys(answer).map((name) => ({ name, plugin }))
        ),
      );
      return Object.assign({}, ...answers.map(({ answer }) => answer));
    },
    transform: (tensors, step) =>
      chain("transform", tensors, (h, c, v) => expectAllTensors(h.transform!(c, v, step), v)),
    augment: (images, step, origin) =>
      chain("augment", images, (h, c, v) => expectLike(h.augment!(c, v, step, origin), v)),
    gradients: (gradients, step) =>
      chain("gradients", gradients, (h, c, v) => {
        const answer = expectGradients(h.gradients!(c, v, step), v);
        const all = Object.keys(v), frozen = all.filter((path) => !(path in answer));
        // set while a hook runs
        warnOfFrozen(c, { plugin: caller!, network: step.network, all, frozen });
        return answer;
      }),
    optimizer: (network, variables) =>
      first("optimizer", (h, c) => expectOptimizer(h.optimizer!(c, network, variables))),
    learningRate: (rate, network) =>
      chain("learningRate", rate, (h, c, v) => expectRate(h.learningRate!(c, v, network))),
    preview: (request) => first("preview", (h, c) => expectPreview(h.preview!(c, request))),
    advance: () =>
      having("advance").some((m) => call(m, "advance", (h, c) => expectDecision(h.advance!(c)))),
    step: (metrics) => observe("step", (h, c) => h.step!(c, metrics)),
    sampled: (images) => observe("sampled", (h, c) => h.sampled!(c, images)),
    measured: (metrics) => observe("measured", (h, c) => h.measured!(c, metrics)),
    checkpoint: (saved) => observe("checkpoint", (h, c) => h.checkpoint!(c, saved)),
    get caller() {
      return caller;
    },
    muted,
  };
}

/** Warns that weights whose gradients a plugin leaves out are not updated: it may be a mistake. */
function warnOfFrozen(
  context: Context,
  { plugin, network, all, frozen }: {
    plugin: string;
    network: NetworkName;
    all: readonly string[];
    frozen: readonly string[];
  },
): void {
  if (frozen.length === 0) return;
  const { resolution } = context.phase;
  const some = frozen.slice(0, 3).join(", ") + (frozen.length > 3 ? ", …" : "");
  context.warn(
    // warns again at the next resolution, which has other weights
    `frozen-${network}-${resolution}`,
    `Plugin "${plugin}" leaves out the gradients of ${frozen.length} of the ${network}'s ` +
      `${all.length} weights at ${resolution} px (${some}): these weights stay as they are.`,
  );
}

function expectOnce(what: string, all: readonly { name: string; plugin: string }[]): void {
  const again = all.find(({ name }, i) => all.findIndex((one) => one.name === name) < i);
  if (!again) return;
  const plugins = new Set(all.filter(({ name }) => name === again.name).map((one) => one.plugin));
  const whose = [...plugins].map((plugin) => `"${plugin}"`).join(" and ");
  throw new TypeError(
    `Cannot train: expected each ${what}'s name once, received "${again.name}" twice, of plugin ` +
      `${whose}. Give one of them another name`,
  );
}
