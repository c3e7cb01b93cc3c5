/** An exported folder used by a program: the pictures are the model's own. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openCpu } from "../../core/backend/cpu.ts";
import { openKind } from "../../core/export/generator/load_generator.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { grown, tinyProgan, tinyStylegan } from "./tiny_models.ts";
import { ownPicture, writeGenerator } from "./seeded_generator.ts";
import { worst } from "./worst.ts";

Deno.test("a program draws the pictures of seeds as the model does", () =>
  withFolder(async (folder) => {
    await openCpu();
    const labels = ["a", "b", "c"];
    const model = tinyStylegan({ architecture: "stylegan", labels: true }, { labelCount: 3 });
    const drawn = grown(model, { labels, alpha: 0.375 });
    await writeGenerator(folder, drawn, 3);
    {
      using generator = await openKind(folder, "latents");
      for (const [seed, truncation] of [[0, 0.7], [7, 1]] as const) {
        const { values, width, channels } = await generator.generate({ seed, truncation });
        assert.deepEqual([width, channels, values.length], [16, 3, 16 * 16 * 3]);
        assert.ok(worst(values, ownPicture(drawn, seed, truncation)) < 1e-4);
      }
      const still = await generator.generate({ seed: 4 });
      const [moved, mixed, alone, labelled] = await generator.generateMany([
        { seed: 4, directions: { turn: 2 } },
        { seed: 4, mix: { seed: 5, from: 3 } },
        { seed: 4 },
        { seed: 4, label: (generator.labelOf({ seed: 4 }) + 1) % 3 },
      ]);
      assert.ok(worst(moved!.values, still.values) > 0.01);
      assert.ok(worst(mixed!.values, still.values) > 0.01);
      assert.ok(worst(labelled!.values, still.values) > 0.01);
      // independent of what else is in the batch
      assert.ok(worst(alone!.values, still.values) < 1e-4);
      const { values } = await generator.generate({ seed: 4, mix: { seed: 5, from: 0 } });
      assert.ok(worst(values, still.values) > 0.01);
      await assert.rejects(generator.generate({ seed: 1, label: "d" }), /one of a, b, c/);
      await assert.rejects(generator.generate({ seed: 1, directions: { age: 1 } }), /one of turn/);
    }
    model.generator.remove();
    model.discriminator.remove();
  }));

Deno.test("a generator without styles draws, and says that it can't be steered", () =>
  withFolder(async (folder) => {
    await openCpu();
    const drawn = grown(tinyProgan(), { alpha: 1 });
    await writeGenerator(folder, drawn, 1);
    using generator = await openKind(folder, "latents");
    const { values, channels } = await generator.generate({ seed: 3 });
    assert.equal(channels, 1);
    assert.ok(worst(values, ownPicture(drawn, 3)) < 1e-4);
    await assert.rejects(generator.generate({ seed: 3, mix: { seed: 1, from: 1 } }), /styles/);
    await assert.rejects(
      openKind(join(folder, "nowhere"), "latents"),
      /expected an exported generator/,
    );
    drawn.model.generator.remove();
    drawn.model.discriminator.remove();
  }));
