import assert from "node:assert/strict";
import { selectBackend } from "../backend/mod.ts";
import type { RunConfig } from "../config/mod.ts";
import { asPlugin, createWorkbench } from "../testing/workbench.ts";
import { tinyModel } from "../testing/tiny_model.ts";
import { probePhases } from "./rehearsal.ts";
import { optionsOf } from "../trainer/training_state.ts";

/** Probes phases; records the requested batch sizes and each phase's length. */
async function probed(values: Partial<RunConfig>, count: number) {
  const bench = createWorkbench(asPlugin(tinyModel), { values });
  const first = bench.training(await selectBackend({ name: "cpu" }));
  const training = { ...optionsOf(first), dataset: { ...first.dataset, count } };
  first.dispose();
  const asked: number[] = [];
  const probes = await probePhases({
    training,
    batch(resolution, size) {
      asked.push(size);
      return Promise.resolve(bench.batch(resolution, size, 1));
    },
  });
  return {
    asked,
    images: probes.map(({ phase }) => phase.end - phase.start),
    phases: bench.phases,
  };
}

Deno.test("probePhases() asks for no more images than there are", async () => {
  const { asked } = await probed({ batch: 2 }, 5);
  assert.ok(asked.length > 0 && asked.every((size) => size <= 5), `${asked}`);
});

Deno.test(
  "probePhases() ends where the run's images end, inside a phase or before " +
    "one",
  async () => {
    const whole = await probed({ batch: 2 }, 100);
    const [first, second] = whole.phases;
    const images = first!.end + 3; // inside the second phase
    assert.equal(whole.images.length, whole.phases.length);
    assert.ok(second!.end > images);
    assert.deepEqual((await probed({ batch: 2, images }, 100)).images, [first!.end, 3]);
  },
);
