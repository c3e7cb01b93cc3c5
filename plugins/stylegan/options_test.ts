/** Combinations of options that are allowed, and those that are not. */
import assert from "node:assert/strict";
import type { DatasetInfo, RunConfig } from "../../core/mod.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import { resolveConfig, runSchema } from "../../core/config/mod.ts";
import { createTrainingState } from "../../core/trainer/mod.ts";
import { type StyleganConfig, styleganSchema } from "./config.ts";
import plugin from "./mod.ts";
import { TINY } from "./test_model.ts";

const backend = await selectBackend({ name: "cpu" });

/** A training state with options, on data with these labels. */
function trainingWith(values: Partial<StyleganConfig & RunConfig>, labels: string[] = []) {
  const [run, config] = resolveConfig([runSchema, styleganSchema], [
    { from: "the test", values: { ...TINY, batch: 4, ...values } },
  ]);
  // all that is read
  const dataset = { kind: "images", channels: 3, count: 4, labels } as unknown as DatasetInfo;
  // with the model's own options
  const model = { plugin: plugin as never, specifier: "stylegan", config };
  const plugins = { model, addOns: [] };
  return createTrainingState({ run: run as RunConfig, plugins, dataset, backend });
}

Deno.test("a filter of the other architecture is refused; limits are left out, and it is said", () => {
  trainingWith({ filter: "nearest", architecture: "stylegan" }).dispose();
  trainingWith({ filter: "blur", architecture: "stylegan2" }).dispose();
  assert.throws(
    () => trainingWith({ filter: "nearest", architecture: "stylegan2" }),
    /--filter nearest: expected --filter blur/,
  );
  for (const architecture of ["stylegan", "stylegan2"] as const) {
    const training = trainingWith({ limits: true, architecture });
    const said = training.outbox.take().lines.map(({ message }) => message).join();
    if (architecture === "stylegan") assert.match(said, /--limits is left out/);
    else assert.equal(said, "");
    training.dispose();
  }
});

Deno.test("pairs are left out where no picture of 16 px is drawn, and it is said", () => {
  const said = (values: Partial<StyleganConfig & RunConfig>) => {
    const training = trainingWith({ pairWeight: 5, ...values });
    const lines = training.outbox.take().lines.map(({ message }) => message).join();
    training.dispose();
    return lines;
  };
  assert.equal(said({ architecture: "stylegan2" }), "");
  assert.equal(said({ architecture: "stylegan2", startResolution: 32, firstBlock: 16 }), "");
  assert.match(said({ architecture: "stylegan" }), /--pair-weight is left out: --architecture/);
  assert.match(
    said({ architecture: "stylegan2", startResolution: 32 }),
    /--pair-weight is left out: the first block, of 32 px, draws no picture of 16 px/,
  );
  assert.equal(said({ architecture: "stylegan", pairWeight: 0 }), "");
});

Deno.test("a conditional run needs two labels and trains with them", () => {
  const training = (labels: string[]) => trainingWith({ labels: true }, labels);
  assert.throws(
    () => training(["one"]),
    /at least two labels.*received 1\. Leave it out;.*--no-labels/,
  );
  const two = training(["one", "two"]);
  const embed = two.model.generator.variables().find((v) => v.path.includes("embed/weight"));
  assert.deepEqual(embed?.variable.shape, [2, TINY.latentSize]);
  two.dispose();
});
