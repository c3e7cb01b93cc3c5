import assert from "node:assert/strict";
import { join } from "node:path";
import { resumeRun, startRun } from "../../engine.ts";
import { definePlugin, equalizedDense, object } from "../../mod.ts";
import { RunError } from "../run_error.ts";
import tiny from "../../../tests/faults/tiny_gan.ts";
import { withTinyData } from "../../../tests/faults/tiny_run.ts";

/** Source code of an add-on that counts its steps in these fields of its state. */
const counting = (fields: readonly string[]) =>
  `export default (cambium) => cambium.definePlugin({
    name: "counts", description: "", kind: "add-on", config: cambium.object({ weight: cambium.field.number("Of each", 1) }),
    state: () => (${JSON.stringify(Object.fromEntries(fields.map((field) => [field, 0])))}),
    hooks: { step({ state }) { for (const field of ${JSON.stringify(fields)}) state[field]++; } },
  });`;

const places = (folder: string) => ({
  cache: join(folder, "cache"),
  runs: join(folder, "runs"),
  backend: "wasm" as const,
});

/** Starts a run of 16 images with an add-on from a file. */
async function begin(folder: string): Promise<string> {
  const path = join(folder, "counts.js");
  await Deno.writeTextFile(path, counting(["steps"]));
  const options = { resolution: 4, sched: ["4:4::0:64"], previewCount: 4, checkpointEvery: 16 };
  const data = join(folder, "data"), plugin = [tiny, path];
  using run = await startRun({ ...places(folder), ...options, data, plugin, images: 16 });
  await run.train();
  return path;
}

/** The plugins' states at the newest checkpoint. */
async function statesIn(folder: string): Promise<Record<string, unknown>> {
  const [run] = [...Deno.readDirSync(join(folder, "runs"))].filter((e) => e.isDirectory);
  const checkpoints = join(folder, "runs", run!.name, "checkpoints");
  const newest = [...Deno.readDirSync(checkpoints)].map(({ name }) => name).sort().at(-1)!;
  const manifest = JSON.parse(await Deno.readTextFile(join(checkpoints, newest, "manifest.json")));
  return manifest.meta.pluginStates;
}

Deno.test("a plugin that was moved goes on as it was; one that was edited is told", () =>
  withTinyData(async (folder) => {
    const path = await begin(folder), warnings: string[] = [];
    const notices = { warn: (message: string) => void warnings.push(message) };
    await Deno.mkdir(join(folder, "moved"));
    const moved = join(folder, "moved", "counts.js");
    await Deno.rename(path, moved);
    await assert.rejects(
      resumeRun({ ...places(folder), plugin: tiny }),
      /"file:.*counts\.js": expected a file, as .*config\.json says.* name all of its plugins/,
    );
    {
      const plugin = [tiny, moved];
      using run = await resumeRun({ ...places(folder), plugin, notices, images: 32 });
      await run.train();
    }
    assert.deepEqual(warnings, []);
    assert.deepEqual((await statesIn(folder)).counts, { steps: 8 });

    const edited = join(folder, "edited.js"); // its new field begins with what state() says
    await Deno.writeTextFile(edited, counting(["steps", "since"]));
    const plugin = [tiny, edited];
    using run = await resumeRun({ ...places(folder), plugin, notices, images: 48 });
    await run.train();
    assert.match(warnings.join("\n"), /resuming is not exact:\n {2}versions\.plugin counts: "/);
    assert.deepEqual((await statesIn(folder)).counts, { steps: 12, since: 4 });
  }));

Deno.test("with force a run goes on with an add-on that it had not: its state begins then", () =>
  withTinyData(async (folder) => {
    const path = await begin(folder);
    const added = definePlugin({
      name: "added",
      description: "",
      kind: "add-on",
      config: object({}),
      state: () => ({ steps: 0 }),
      hooks: { step: ({ state }) => void state.steps++ },
    });
    const plugin = [tiny, path, added];
    const options = { ...places(folder), plugin, images: 32 };
    await assert.rejects(resumeRun(options), /plugins: \["counts"\] → \["counts","added"\]/);
    using run = await resumeRun({ ...options, force: true });
    await run.train();
    const { counts, added: of } = await statesIn(folder);
    assert.deepEqual([counts, of], [{ steps: 8 }, { steps: 4 }]);
  }));

Deno.test("a run that is resumed without one of its add-ons tells which, and goes on with force", () =>
  withTinyData(async (folder) => {
    await begin(folder);
    const options = { ...places(folder), plugin: [tiny, "gradient-norm"], images: 32 };
    await assert.rejects(resumeRun(options), /plugins: \["counts"\] → \["gradient-norm"\]/);
    using run = await resumeRun({ ...options, force: true });
    await run.train();
    assert.deepEqual(Object.keys(await statesIn(folder)), ["tiny", "gradient-norm"]);
  }));

Deno.test("networks that no longer fit the checkpoint are told with what to do, and nothing is lost", () =>
  withTinyData(async (folder) => {
    const path = await begin(folder);
    const wider = definePlugin({
      ...tiny,
      build(context) {
        const model = tiny.build!(context); // it is a model
        equalizedDense(model.generator.scope("wider"), { inFeatures: 2, outFeatures: 2 });
        return model;
      },
    });
    const options = { ...places(folder), images: 32, force: true };
    await assert.rejects(
      resumeRun({ ...options, plugin: [wider, path] }),
      (error) =>
        error instanceof RunError &&
        /expected "generator\/wider\/.*" in generator\.safetensors, received none\. Its networks/
          .test(error.message) &&
        /deno task train --from 00000-tiny-data@16$/.test(error.message),
    );
    using run = await resumeRun({ ...options, plugin: [tiny, path] });
    await run.train();
    assert.deepEqual((await statesIn(folder)).counts, { steps: 8 });
  }));
