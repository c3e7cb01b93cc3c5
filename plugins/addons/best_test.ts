import assert from "node:assert/strict";
import { join } from "node:path";
import { testPlugin, withFolder } from "../../core/testing/mod.ts";
import best, { isBetter, keptIn } from "./best.ts";
import { testContext } from "./test_context.ts";

testPlugin(best, { values: { resolution: 8 } });

/** A run folder with checkpoints, and the add-on's hooks for it. */
async function runIn(root: string) {
  const folder = join(root, "00003-stylegan-emoji");
  await Deno.mkdir(folder);
  await Deno.writeTextFile(join(folder, "config.json"), "{}");
  const { context, facts, said } = testContext(best, { metricsEvery: 10 });
  /** Reports a measurement and writes a checkpoint that contains its number of images. */
  const checkpoint = async (imagesSeen: number, swd: number, resolution = 8) => {
    const path = `checkpoints/${String(imagesSeen).padStart(9, "0")}`;
    await Deno.mkdir(join(folder, path), { recursive: true });
    await Deno.writeTextFile(join(folder, path, "manifest.json"), String(imagesSeen));
    Object.assign(facts, { imagesSeen, phase: { ...facts.phase, resolution } });
    best.hooks.measured!(context, { "metric/swd": swd });
    best.hooks.checkpoint!(context, { folder, path, digest: "" });
  };
  const kept = async () => {
    const names = await Array.fromAsync(
      Deno.readDir(join(keptIn(folder), "checkpoints")),
      ({ name }) => name,
    );
    assert.equal(names.length, 1);
    const text = await Deno.readTextFile(
      join(keptIn(folder), "checkpoints", names[0]!, "manifest.json"),
    );
    assert.equal(Number(names[0]), Number(text));
    return Number(text);
  };
  return { folder, context, facts, said, checkpoint, kept };
}

Deno.test(
  "best keeps the checkpoint of the lowest SWD of the largest resolution, whole, when " +
    "the run's own goes",
  () =>
    withFolder(async (root) => {
      const { folder, said, checkpoint, kept } = await runIn(root);
      await checkpoint(100, 40);
      assert.equal(await kept(), 100);
      await checkpoint(200, 50);
      assert.equal(await kept(), 100, "the lower one stays");
      await Deno.remove(join(folder, "checkpoints", "000000100"), { recursive: true });
      assert.equal(await kept(), 100, "it has a name of its own");
      await checkpoint(300, 30);
      assert.equal(await kept(), 300);
      assert.deepEqual(said.shown.best, [[300, "8 px", 30]]);
      await checkpoint(400, 90, 16);
      assert.equal(await kept(), 400, "a larger resolution");
      await checkpoint(350, 95, 16);
      assert.equal(await kept(), 350, "the run went back, and goes another way");
      assert.equal(said.logged.length, 4);
      assert.equal(await Deno.readTextFile(join(keptIn(folder), "config.json")), "{}");
      const left = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
      assert.deepEqual(left.sort(), ["best", "checkpoints", "config.json"]);
    }),
);

Deno.test("best keeps what it was about to name when the process ended", () =>
  withFolder(async (root) => {
    const { folder, checkpoint, kept } = await runIn(root);
    await checkpoint(100, 40);
    await Deno.rename(join(folder, "best"), join(folder, "best.tmp"));
    await checkpoint(200, 50);
    assert.equal(await kept(), 100, "the lower one is not lost");
    // interrupted earlier: the old one exists, the new one is incomplete
    await Deno.mkdir(join(folder, "best.tmp"));
    await checkpoint(300, 60);
    assert.equal(await kept(), 100);
    const half = join(folder, "best.tmp", "00003-stylegan-emoji", "checkpoints", "000000350");
    await Deno.mkdir(half, { recursive: true });
    await checkpoint(400, 30);
    assert.equal(await kept(), 400, "nothing of one that was cut off is beside it");
  }));

Deno.test("where it can't be read what best keeps, it is said what to do", () =>
  withFolder(async (root) => {
    const { folder, checkpoint, kept } = await runIn(root);
    await checkpoint(100, 40);
    await Deno.writeTextFile(join(folder, "best", "best.json"), ""); // as after a power cut
    await assert.rejects(() => checkpoint(200, 30), /Remove the run's folder best: the next/);
    await Deno.remove(join(folder, "best"), { recursive: true });
    await checkpoint(300, 50);
    assert.equal(await kept(), 300);
  }));

Deno.test("best takes no SWD of a smaller resolution for that of the present one", () =>
  withFolder(async (root) => {
    const { folder, context, facts, checkpoint, kept } = await runIn(root);
    await checkpoint(100, 40);
    best.hooks.measured!(context, { "metric/swd": 30 });
    Object.assign(facts, { imagesSeen: 200, phase: { ...facts.phase, resolution: 16 } });
    const path = "checkpoints/000000200";
    await Deno.mkdir(join(folder, path), { recursive: true });
    best.hooks.checkpoint!(context, { folder, path, digest: "" });
    assert.equal(await kept(), 100);
  }));

Deno.test("the checkpoint that is kept stays where another is as good", () => {
  const kept = { swd: 40, resolution: 8, imagesSeen: 100 };
  assert.equal(isBetter({ ...kept }, kept), false);
  assert.equal(isBetter({ ...kept, imagesSeen: 200 }, kept), false);
  assert.equal(isBetter({ ...kept, imagesSeen: 200, swd: 39.9 }, kept), true);
});

Deno.test("best keeps nothing before a measurement, and says which flag brings one", () =>
  withFolder(async (root) => {
    const { folder, context } = await runIn(root);
    best.hooks.checkpoint!(context, { folder, path: "checkpoints/1", digest: "" });
    await assert.rejects(Deno.stat(join(folder, "best")), Deno.errors.NotFound);
    // all that it reads
    const preparation = { run: { metricsEvery: 0, checkpointEvery: 5000 } } as never;
    await assert.rejects(
      async () => await best.prepare!(preparation),
      /Add --metrics-every 5000/,
    );
  }));
