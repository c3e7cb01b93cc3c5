import assert from "node:assert/strict";
import { lossByName } from "../losses/mod.ts";
import {
  ConfigError,
  field,
  firstBlockOf,
  kebabCase,
  object,
  optionalFieldsOf,
  planOf,
  resolveConfig,
  runSchema,
} from "./mod.ts";

const own = object({
  mixing: field.number("Probability", 0.9, { minimum: 0, maximum: 1 }),
  filter: field.choice("Filter", "blur", ["blur", "nearest"]),
});

Deno.test("resolveConfig() lets later layers win and fills in defaults", () => {
  const [run, options] = resolveConfig([runSchema, own], [
    { from: "preset a", values: { gamma: 5, mixing: 0.1 } },
    { from: "the command line", values: { mixing: 0.2, flip: undefined } },
  ]);
  assert.deepEqual([run.gamma, run.flip, options.mixing, options.filter], [5, true, 0.2, "blur"]);
});

Deno.test(
  "resolveConfig() names a wrong option, where it came from, what was expected and " +
    "received",
  () => {
    const resolve = (values: Record<string, unknown>) => () =>
      resolveConfig([runSchema, own], [{ from: "gan.json", values }]);
    assert.throws(
      resolve({ mixing: 2 }),
      new ConfigError("Cannot use --mixing of gan.json: expected a number 0 … 1, received 2"),
    );
    assert.throws(
      resolve({ filter: "blurr" }),
      new ConfigError(
        'Cannot use --filter of gan.json: expected one of blur, nearest, received "blurr"',
      ),
    );
    assert.throws(resolve({ gama: 1 }), /"gama" of gan.json.*Did you mean "gamma"\?/);
    assert.throws(resolve({ batch: "16" }), /--batch of gan.json: expected a whole number/);
  },
);

Deno.test("resolveConfig() refuses two plugins with an option of one name", () => {
  assert.throws(() => resolveConfig([own, own], []), /received "mixing" in two plugins/);
  const owners = ["the run", 'plugin "a"'];
  const message = /received "mixing" in the run and plugin "a"/;
  assert.throws(() => resolveConfig([own, own], [], owners), message);
});

Deno.test("resolveConfig() tells a default that its own field refuses, and whose it is", () => {
  const wrong = object({ depth: field.integer("Depth", 9, { minimum: 1, maximum: 4 }) });
  assert.throws(
    () => resolveConfig([wrong], [], ['plugin "a"']),
    /--depth of the defaults of plugin "a": expected a number 1 … 4, received 9/,
  );
});

Deno.test("optionalFieldsOf() describes fields as flags need them", () => {
  assert.deepEqual(optionalFieldsOf(own), [
    {
      key: "mixing",
      flag: "--mixing",
      type: "number",
      what: "word",
      choices: [],
      description: "Probability",
      initial: 0.9,
    },
    {
      key: "filter",
      flag: "--filter",
      type: "string",
      what: "word",
      choices: ["blur", "nearest"],
      description: "Filter",
      initial: "blur",
    },
  ]);
  assert.equal(kebabCase("stabilizeImages"), "stabilize-images");
});

const plan = (values: Record<string, unknown>, count?: number) =>
  planOf(resolveConfig([runSchema], [{ from: "a test", values }])[0], count);

Deno.test("what a loss brings along goes with it", () => {
  const [run] = resolveConfig([runSchema], [
    { from: "gan.json", values: { loss: "wgan_clipped" } },
    { from: "the command line", values: { loss: "hinge" } },
  ]);
  assert.deepEqual([run.loss, run.penalty, run.optimizer], ["hinge", "r1", "adam"]);
  // Arjovsky et al. 2017, algorithm 1: n_critic 5, RMSProp, c 0.01
  const [clipped] = resolveConfig([runSchema], [
    { from: "the command line", values: { loss: "wgan_clipped" } },
  ]);
  const { penalty, optimizer, criticSteps } = clipped;
  assert.deepEqual([penalty, optimizer, criticSteps], ["none", "rmsprop", 5]);
  assert.equal(lossByName("wgan_clipped").weightClip, 0.01);
});

Deno.test(
  "a flag that another option switches off is refused; in a preset or a file it may " +
    "stand",
  () => {
    const from = (from: string, values: Record<string, unknown>) => ({ from, values });
    const flags = (values: Record<string, unknown>) =>
      resolveConfig([runSchema], [
        from("preset small", { gamma: 2, penalty: "r1", beta1: 0 }),
        from("the command line", values),
      ]);
    flags({ penalty: "none", optimizer: "rmsprop" });
    flags({ gamma: 3 });
    flags({ penalty: "wgan_gp", lambda: 5 });
    flags({ loss: "hinge", labelSmoothing: 0, labelFlips: 0 }); // a file may have switched them on
    flags({ alphaStep: 0, fadeImages: 500 });
    flags({ emaDecay: 0.999, emaImages: 0 }); // switches averaging off, whatever the decay
    flags({ instanceNoise: 0.1, noiseOn: "reals", stabilizerImages: 500 });
    flags({ labelFlips: 0.1, stabilizerImages: 500 });
    const refused: [Record<string, unknown>, RegExp][] = [
      [
        { penalty: "wgan_gp", gamma: 3 },
        /--gamma of the command line: it has no effect with --penalty wgan_gp, expected --penalty r1, r2/,
      ],
      [{ lambda: 3 }, /--lambda .* no effect with --penalty r1/],
      [
        { loss: "hinge", labelFlips: 0.1 },
        /--label-flips .* no effect with --loss hinge, expected --loss non_saturating/,
      ],
      [{ penalty: "none", penaltyEvery: 4 }, /--penalty-every .* --penalty none/],
      [{ clip: 0.01 }, /--clip .* --loss non_saturating, expected --loss wgan_clipped/],
      [
        { optimizer: "rmsprop", beta1: 0.5 },
        /--beta1 .* --optimizer rmsprop, expected --optimizer adam/,
      ],
      [
        { alphaStep: 0.01, fadeImages: 500 },
        /--fade-images .* no effect with --alpha-step 0.01, expected --alpha-step 0\. /,
      ],
      [
        { emaDecay: 0.999, emaImages: 4000 },
        /--ema-images .* no effect with --ema-decay 0.999, expected --ema-decay 0\. /,
      ],
      [{ noiseOn: "reals" }, /--noise-on .* expected --instance-noise above 0\. /],
      [
        { stabilizerImages: 500 },
        /--label-smoothing 0, --label-flips 0, --instance-noise 0, expected .* above 0\. /,
      ],
    ];
    for (const [values, error] of refused) assert.throws(() => flags(values), error);
  },
);

Deno.test("a flag that the preset's own choice switches off is refused, too", () => {
  const over = (preset: Record<string, unknown>, values: Record<string, unknown>) => () =>
    resolveConfig([runSchema], [
      { from: "preset seed", values: preset },
      { from: "the command line", values },
    ]);
  assert.throws(over({ alphaStep: 0.001 }, { fadeImages: 500 }), /--fade-images .* --alpha-step/);
  assert.throws(over({ emaDecay: 0.999 }, { emaImages: 500 }), /--ema-images .* --ema-decay/);
  over({ alphaStep: 0.001 }, { alphaStep: 0, fadeImages: 500 })();
});

Deno.test(
  "wgan_clipped brings its optimizer, critic steps and no penalty over a preset, " +
    "unless told otherwise",
  () => {
    const preset = { from: "preset small", values: { penalty: "r1", optimizer: "adam" } };
    const resolved = (values: Record<string, unknown>) => {
      const [run] = resolveConfig([runSchema], [preset, { from: "the command line", values }]);
      return [run.penalty, run.optimizer, run.criticSteps];
    };
    assert.deepEqual(resolved({ loss: "wgan_clipped" }), ["none", "rmsprop", 5]);
    assert.deepEqual(resolved({ loss: "wgan_clipped", optimizer: "adam", criticSteps: 1 }), [
      "none",
      "adam",
      1,
    ]);
    assert.deepEqual(resolved({ loss: "wgan" }), ["r1", "adam", 1]);
  },
);

Deno.test("planOf() gives automatic batch sizes, and lets --sched change single parts", () => {
  const resolutions = plan({
    resolution: 128,
    sched: ["64:4:0.002:1k:2k", "128:::3000"],
    fadeImages: 10,
    stabilizeImages: 20,
  });
  assert.deepEqual(resolutions.map((r) => r.batchSize), [16, 16, 16, 16, 4, 8]);
  assert.deepEqual(resolutions[0], {
    resolution: 4,
    fadeImages: 0,
    stabilizeImages: 20,
    batchSize: 16,
    learningRate: 0.0015,
  });
  assert.deepEqual(
    resolutions.slice(-2).map((r) => [r.learningRate, r.fadeImages, r.stabilizeImages]),
    [
      [0.002, 1000, 2000],
      [0.0015, 3000, 20],
    ],
  );
});

Deno.test("planOf() makes a fade as long as alpha's step a batch says", () => {
  const steps = plan({ resolution: 16, alphaStep: 0.001, sched: ["8:8", "16:4::500"] });
  assert.deepEqual(steps.map((r) => r.fadeImages), [0, 8000, 500]);
});

Deno.test("firstBlockOf() is a power of two, at most where training starts", () => {
  const at = (firstBlock: number, startResolution: number) =>
    firstBlockOf({ firstBlock, startResolution });
  assert.deepEqual([at(0, 8), at(4, 8), at(8, 8)], [8, 4, 8]);
  for (const wrong of [2, 6, 16]) {
    assert.throws(
      () => at(wrong, 8),
      /expected --first-block to be 0, or a power of two from 4 to/,
    );
  }
});

Deno.test("planOf() counts epochs of the data", () => {
  const [first, second] = plan({ resolution: 8, epochs: 3 }, 50);
  assert.deepEqual([first?.fadeImages, first?.stabilizeImages], [0, 150]);
  assert.deepEqual([second?.fadeImages, second?.stabilizeImages], [150, 150]);
  assert.throws(() => plan({ epochs: 3 }, 0), RangeError);
});

Deno.test("planOf() says what is wrong with --sched and resolutions", () => {
  assert.throws(() => plan({ sched: ["64"] }), /two to five parts, received "64"/);
  assert.throws(() => plan({ sched: ["64:x"] }), /a number as BATCH, received "64:x"/);
  assert.throws(() => plan({ sched: ["64::1e999"] }), /a number as RATE, received "64::1e999"/);
  assert.throws(() => plan({ sched: ["48:8"] }), /power of two/);
  assert.throws(() => plan({ resolution: 48 }), /power of two, received 48/);
  assert.throws(() => plan({ resolution: 4, startResolution: 8 }), /at most/);
});
