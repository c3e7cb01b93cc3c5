import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withFolder } from "../testing/with_folder.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const PENALTY = `
import * as tf from "@tensorflow/tfjs";
import type { Penalty } from "./penalty.ts";
export const squaredScores: Penalty<"squared_scores", "delta"> = {
  name: "squared_scores",
  title: "squared scores",
  weight: { option: "delta", note: "δ", initial: 3 },
  apply: ({ critic, real }, delta) => tf.mul(tf.mean(tf.square(critic(real()))), delta),
};
`;

const LOSS = `
import * as tf from "@tensorflow/tfjs";
import type { AdversarialLoss } from "./adversarial_loss.ts";
export const pairs: AdversarialLoss<"pairs"> = {
  name: "pairs",
  hasTargets: false,
  scoresReals: true,
  meantWith: { penalty: "squared_scores" },
  generator: (fake, real) => tf.mean(tf.softplus(tf.sub(real!, fake))),
  discriminator: (real, fake) => tf.mean(tf.softplus(tf.sub(fake, real))),
};
`;

/** What the rest of the code derives from them, as JSON. */
const ASK = `
import * as tf from "@tensorflow/tfjs";
import { optionalFieldsOf, resolveConfig, runSchema } from "./config/mod.ts";
import { adversarialTerms } from "./losses/adversarial_terms.ts";
import { createRunWatch } from "./trainer/watch.ts";

await tf.setBackend("cpu");
const flags = (values) => resolveConfig([runSchema], [{ from: "the command line", values }])[0];
const refused = (values) => {
  try { flags(values); return ""; } catch (error) { return error.message; }
};
const run = flags({ loss: "pairs", penalty: "squared_scores", delta: 5, penaltyEvery: 4 });
const span = { start: 0, end: 1 }, augment = (images) => images;
const terms = adversarialTerms({ run, phase: { start: 0 }, span, augment }, {
  real: () => tf.fill([2, 2, 2, 1], 2),
  fake: () => tf.fill([2, 2, 2, 1], 1),
  score: (images) => tf.mean(images, [1, 2]),
});
const batch = { size: 2, shared: (_, make) => make(), report() {} };
const watch = createRunWatch({
  counters: { imagesSeen: 8 },
  plugins: { model: { plugin: {} }, addOns: [] },
  networksAt: () => ({ phase: { resolution: 4 } }),
});
const warnings = [];
for (let i = 0; i < 20; i++) {
  warnings.push(...watch.values({ "term/squared_scores": i < 15 ? 1 : 100 }));
}
console.log(JSON.stringify({
  fields: optionalFieldsOf(runSchema).filter(({ key }) => ["loss", "penalty", "delta"].includes(key)),
  terms: terms.map((term) => [term.name, term.every ?? 1, term.value(batch).dataSync()[0]]),
  refused: [refused({ delta: 1 }), refused({ loss: "pairs", labelFlips: 0.1 })],
  warnings: warnings.map(({ code }) => code),
}));
`;

Deno.test(
  "a penalty or a loss is one new file and one line in one list: flags, help, " +
    "refusals, terms and watch follow",
  () =>
    withFolder(async (root) => {
      await copySources(join(ROOT, "core"), join(root, "core"));
      for (const name of ["deno.json", "deno.lock"]) {
        await Deno.copyFile(join(ROOT, name), join(root, name));
      }
      const losses = join(root, "core", "losses");
      await Deno.writeTextFile(join(losses, "squared_scores.ts"), PENALTY);
      await Deno.writeTextFile(join(losses, "pairs.ts"), LOSS);
      await addToList(join(losses, "penalty_by_name.ts"), "squaredScores", "./squared_scores.ts");
      await addToList(join(losses, "loss_by_name.ts"), "pairs", "./pairs.ts");
      await Deno.writeTextFile(join(root, "core", "ask.js"), ASK);
      const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", join(root, "core", "ask.js")],
        cwd: root,
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const told = JSON.parse(new TextDecoder().decode(stdout));

      const [loss, penalty, delta] = told.fields;
      assert.ok(loss.choices.includes("pairs"));
      assert.match(loss.description, /pairs is meant for use with --penalty squared_scores/);
      assert.ok(penalty.choices.includes("squared_scores"));
      assert.equal(delta.flag, "--delta");
      assert.equal(delta.description, "Weight of squared scores (δ)");
      assert.equal(delta.initial, 3);
      // Scores are 2 for reals and 1 for fakes: softplus(∓1), and 5 · 2².
      const softplus = (x: number) => Math.log1p(Math.exp(x));
      const expected = [
        ["adversarial_d", 1, softplus(-1)],
        ["adversarial_g", 1, softplus(1)],
        ["squared_scores", 4, 20],
      ] as const;
      assert.equal(told.terms.length, expected.length);
      for (const [i, [name, every, value]] of expected.entries()) {
        assert.deepEqual(told.terms[i].slice(0, 2), [name, every]);
        assert.ok(Math.abs(told.terms[i][2] - value) < 1e-5, `${name} is ${told.terms[i][2]}`);
      }
      assert.match(
        told.refused[0],
        /--delta .* no effect with --penalty r1, expected .*squared_scor/,
      );
      assert.match(told.refused[1], /--label-flips .* no effect with --loss pairs/);
      assert.deepEqual(told.warnings, ["penalty-spike"]);
    }),
);

/** Adds the entry and its import to a list. */
async function addToList(path: string, name: string, file: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  const changed = text.replace("const list = [", `const list = [${name}, `);
  assert.notEqual(changed, text);
  await Deno.writeTextFile(path, `import { ${name} } from "${file}";\n${changed}`);
}

/** Copies a folder's modules, without test data. */
async function copySources(from: string, to: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) {
      if (name !== "testdata") await copySources(join(from, name), join(to, name));
    } else if (name.endsWith(".ts") && !name.endsWith("_test.ts")) {
      await Deno.mkdir(dirname(join(to, name)), { recursive: true });
      await Deno.copyFile(join(from, name), join(to, name));
    }
  }
}
