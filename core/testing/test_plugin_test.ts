import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import type { Hooks, LossTerm, Plugin } from "../plugin/mod.ts";
import { asPlugin } from "./workbench.ts";
import { pluginChecks, testPlugin, type TinyModel, tinyModel } from "./mod.ts";

const score = (model: TinyModel, images: tf.Tensor4D, alpha: number) => model.score(images, alpha);

testPlugin(tinyModel, { score });

const plugin = asPlugin(tinyModel);

/** Runs a check on the tiny model with a defect, in a short run. */
async function failure(
  name: string,
  hooks: Hooks,
  rest: Pick<Plugin, "build" | "state"> = {},
): Promise<string> {
  const broken: Plugin = {
    ...plugin,
    hooks: { ...plugin.hooks, ...hooks },
    ...rest,
  };
  const ofTiny = (model: unknown, images: tf.Tensor4D, alpha: number) =>
    score(model as TinyModel, images, alpha); // the tests below only add to it
  const found = pluginChecks(broken, { score: ofTiny, values: { resolution: 8 } })
    .find((check) => check.name.includes(name));
  assert(found, name);
  try {
    await found.run(async (_, part) => await part());
  } catch (error) {
    return String(error);
  }
  throw new Error(`expected "${name}" to fail`);
}

/** A loss term in addition to the model's own. */
const withTerm = (term: Omit<LossTerm, "name">): Hooks => ({
  losses: (context) => [...plugin.hooks.losses!(context), { ...term, name: "added" }],
});
const scalar = (value: number) => tf.scalar(value);

Deno.test("a model that does not fade its new block in is found", async () => {
  const grow: Hooks["grow"] = ({ model }, resolution) => {
    (model as TinyModel).grow(resolution);
    (model as TinyModel).stabilize();
  };
  assert.match(
    await failure("keeps the function when it grows", { grow }),
    /expected the picture at alpha 0 to be the old one, enlarged, when it grows from 4 to 8 px/,
  );
});

Deno.test("a discriminator that jumps when it grows is found", async () => {
  const found = pluginChecks(tinyModel, {
    score: (model, images, alpha) => tf.add(score(model, images, alpha), images.shape[1]),
    values: { resolution: 8 },
  }).find((check) => check.name === "keeps the function when it grows");
  await assert.rejects(
    found!.run(async (_, part) => await part()),
    /expected the discriminator at alpha 0 to score as it did/,
  );
});

Deno.test("a weight that no loss reaches, and a loss that is not finite, are found", async () => {
  const build: Plugin["build"] = (context) => {
    const model = plugin.build!(context); // a model has it
    model.generator.scope("idle").variable("weight", [1], () => new Float32Array(1));
    return model;
  };
  const name = "losses are finite";
  assert.match(await failure(name, {}, { build }), /received none for "generator\/idle\/weight"/);
  const value = () => scalar(NaN);
  assert.match(await failure(name, withTerm({ of: "generator", value })), /finite/);
});

Deno.test("a number drawn in JavaScript inside a step is found", async () => {
  const value = () => scalar(Math.random());
  assert.match(
    await failure("recorded step equals", withTerm({ of: "generator", value })),
    /drawn, counted or read in JavaScript/,
  );
});

Deno.test("a tensor that a hook leaves behind is found", async () => {
  const step = () => void tf.scalar(1);
  // one per cycle
  assert.match(await failure("leaves no tensor", { step }), /received 6 more than before/);
});

Deno.test("an observing hook that throws is found", async () => {
  const step = () => {
    throw new Error("a slip");
  };
  assert.match(await failure("leaves no tensor", { step }), /hook "step".*a slip/);
});

Deno.test("a memory that is not in the state is found", async () => {
  let steps = 0;
  const hooks: Hooks = {
    ...withTerm({ of: "generator", value: ({ inputs }) => tf.mul(inputs.count!, 1) }),
    inputs: () => ({ count: steps++ }),
    step: (context) => void (context.state.count = steps),
  };
  assert.match(
    await failure("checkpoint continues", hooks, { state: () => ({ count: 0 }) }),
    /expected the plugins' states to go on as without a stop/,
  );
});

Deno.test("a hook that no run calls is found", async () => {
  const losses: Hooks["losses"] = ({ model }) => {
    const { score, styles, synthesize } = model as TinyModel;
    const value: LossTerm["value"] = (step) =>
      tf.mean(score(synthesize(styles(step), step), step.alpha));
    return [{ name: "d", of: "discriminator", value }, { name: "g", of: "generator", value }];
  };
  assert.match(
    await failure("names the plugin", { augment: (_, images) => images, losses }),
    /expected the hook "augment" to be called in a run, received no call/,
  );
});

Deno.test("pluginChecks() refuses an option that the plugin has not", () => {
  const values = { latentSzie: 4 } as never; // past the type checker
  assert.throws(() => pluginChecks(tinyModel, { values }), /"latentSzie"/);
});
