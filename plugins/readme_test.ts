/**
 * Tests that the guide is correct: its code equals the templates, its tables match the API. `--doc`
 * runs its blocks.
 */
import assert from "node:assert/strict";
import { gradientOf, type Hooks, type RunConfig, type StepContext, tf } from "../core/mod.ts";
import { selectBackend } from "../core/backend/mod.ts";
import { resolveConfig, runSchema } from "../core/config/mod.ts";
import { HOOK_KINDS } from "../core/plugin/mod.ts";
import { createNetworkStep, createTrainingState } from "../core/trainer/mod.ts";
import { type TinyModel, tinyModel } from "../core/testing/mod.ts";

const guide = await Deno.readTextFile(new URL("README.md", import.meta.url));
const blocks = [...guide.matchAll(/^```ts[^\n]*\n(.*?)^```$/gms)].map(([, code]) => code!);
const template = (path: string) =>
  Deno.readTextFile(new URL(`../cli/templates/${path}`, import.meta.url));

Deno.test(
  "the guide shows what `plugin new` writes, an add-on of 30 lines and a model of " +
    "120",
  async () => {
    for (
      const [path, lines] of [["add_on/mod.ts", 30], ["model/mod.ts", 120], [
        "model/mod_test.ts",
        10,
      ]] as const
    ) {
      const code = await template(path);
      assert(blocks.includes(code), `${path} is not in the guide as it is`);
      assert(code.trimEnd().split("\n").length <= lines, path);
    }
  },
);

Deno.test("the guide's table has each hook with its kind", () => {
  const rows = [...guide.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map((
    [, hook, kind],
  ) => [hook, kind]);
  assert.deepEqual(Object.fromEntries(rows), HOOK_KINDS);
});

/** The guide's rows about error messages, each with a term that causes it. */
const MISTAKES: [what: string, value: (step: StepContext, model: TinyModel) => tf.Tensor][] = [
  ["Math.random()", () => tf.scalar(Math.random())],
  [
    "a counter",
    (() => {
      let count = 0;
      return () => tf.scalar(count++);
    })(),
  ],
  ["x.dataSync()", ({ imagesSeen }) => tf.scalar(imagesSeen.dataSync()[0]!)],
  ["tf.variable", () => tf.variable(tf.scalar(1), true, "made-in-a-step")],
  [
    "tf.keep",
    (() => {
      let last: tf.Tensor | undefined;
      return ({ imagesSeen }) => {
        const now = last ? tf.add(imagesSeen, last) : tf.neg(imagesSeen);
        last = tf.keep(tf.mul(imagesSeen, 2));
        return now;
      };
    })(),
  ],
  ["tf.leakyRelu", (step, { styles, synthesize }) => {
    const images = synthesize(styles(step), step);
    return tf.sum(tf.square(gradientOf((x) => tf.leakyRelu(x), images)));
  }],
  ["not a scalar", () => tf.ones([2])],
];

Deno.test("each mistake in a step says what the guide quotes", async () => {
  const backend = await selectBackend();
  const [run] = resolveConfig([runSchema], [{ from: "the test", values: { batch: 2 } }]);
  for (const [what, value] of MISTAKES) {
    const row = guide.split("\n").find((line) => line.startsWith("|") && line.includes(what));
    const quoted = /\| `([^`]*)` \| [^|]* \|$/.exec(row ?? "")?.[1];
    assert(quoted, `no row about ${what}`);
    const losses: Hooks["losses"] = (context) => [
      ...tinyModel.hooks.losses!(context as never), // it has no options
      {
        name: "mistake",
        of: "generator",
        // One of them is not a scalar.
        value: (step) => value(step, context.model as TinyModel) as tf.Scalar,
      },
    ];
    const plugin = { ...tinyModel, hooks: { ...tinyModel.hooks, losses } };
    const training = createTrainingState({
      run: run as RunConfig,
      plugins: { model: { plugin: plugin as never, specifier: "tiny", config: {} }, addOns: [] },
      dataset: { kind: "images", channels: 3, count: 2, labels: [] } as never, // all that is read
      backend,
    });
    const images = tf.zeros([2, 4, 4, 3]);
    const step = createNetworkStep(training, {
      network: "generator",
      terms: training.driver.losses(),
    });
    await assert.rejects(step.run({ images }), (error: Error) => {
      assert(error.message.includes(quoted), `${what}: ${error.message}`);
      return true;
    });
    step.dispose();
    images.dispose();
    training.dispose();
  }
});
