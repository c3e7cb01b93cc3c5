/** Resuming with damaged, foreign or newer checkpoints, or with changed options or data. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { gradientPng } from "../../datasets/test_images.ts";
import { inProcess, newRun, resultOf, resume, type TinyOptions, withTinyData } from "./tiny_run.ts";

const RUN = "00000-tiny-data";

/** A run stopped at 64 of 96 images, and how it ends undisturbed. */
async function withStoppedRun(
  test: (options: TinyOptions, checkpoints: string, digest: string) => Promise<void>,
): Promise<void> {
  await withTinyData(async (folder) => {
    const whole = newRun({ folder, runs: join(folder, "whole"), more: ["--json"] });
    const { digest } = resultOf(await inProcess(whole));
    const stopped = newRun({ folder, more: ["--json", "--images", "64"] });
    assert.equal(resultOf(await inProcess(stopped)).imagesSeen, 64);
    const go = { folder, more: ["--json", "--images", "0"] };
    await test(go, join(folder, "runs", RUN, "checkpoints"), digest);
  });
}

async function change(path: string, edit: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  await Deno.writeFile(path, edit(await Deno.readFile(path)));
}

function flipped(bytes: Uint8Array): Uint8Array {
  bytes[bytes.length >> 1]! ^= 16; // in bounds
  return bytes;
}

const DAMAGES: Record<string, (checkpoint: string) => Promise<void>> = {
  "a truncated file": (c) =>
    change(join(c, "generator.safetensors"), (bytes) => bytes.subarray(0, bytes.length - 3)),
  "a flipped bit": (c) => change(join(c, "optimizer_generator.safetensors"), flipped),
  "a missing file": (c) => Deno.remove(join(c, "average.safetensors")),
  "a foreign file": (c) => Deno.writeTextFile(join(c, "notes.txt"), "mine"),
  "a flipped bit in the manifest": (c) => change(join(c, "manifest.json"), flipped),
  "an empty manifest": (c) => change(join(c, "manifest.json"), () => new Uint8Array()),
};

Deno.test(
  "a damaged checkpoint is named, the one before is taken, and the run ends as if " +
    "nothing had happened",
  () =>
    withStoppedRun(async (options, checkpoints, digest) => {
      const copy = join(options.folder, "copy");
      await copyFolder(join(options.folder, "runs"), copy);
      for (const [what, damage] of Object.entries(DAMAGES)) {
        await Deno.remove(join(options.folder, "runs"), { recursive: true });
        await copyFolder(copy, join(options.folder, "runs"));
        await damage(join(checkpoints, "000000064"));
        const ended = await inProcess(resume(options));
        assert.match(ended.err, /warning: checkpoints\/000000064 is not used: Cannot load/, what);
        assert.equal(resultOf(ended).digest, digest, what);
        const log = await Deno.readTextFile(join(checkpoints, "../log.txt"));
        assert.match(log, /Resumed at 48 images/, what);
      }
    }),
);

Deno.test("where no checkpoint is intact, the run is refused and nothing is written", () =>
  withStoppedRun(async (options, checkpoints) => {
    for await (const { name } of Deno.readDir(checkpoints)) {
      await DAMAGES["a flipped bit"]!(join(checkpoints, name)); // a key of DAMAGES
    }
    const { code, err } = await inProcess(resume(options));
    assert.equal(code, 1);
    assert.match(err, /expected an intact checkpoint, received 4 that are not/);
    assert.equal([...Deno.readDirSync(checkpoints)].length, 4);
  }));

Deno.test("a checkpoint of a newer Cambium is not overtaken by the one before", () =>
  withStoppedRun(async (options, checkpoints) => {
    const path = join(checkpoints, "000000064", "manifest.json");
    const manifest = JSON.parse(await Deno.readTextFile(path)), newer = manifest.schema + 1;
    await Deno.writeTextFile(path, JSON.stringify({ ...manifest, schema: newer }));
    const { code, err } = await inProcess(resume(options));
    assert.equal(code, 1);
    assert.ok(err.includes(`received ${newer}. A newer Cambium wrote it: update this one`), err);
  }));

Deno.test("a run that ended before its first checkpoint starts again in its folder", () =>
  withStoppedRun(async (options, checkpoints, digest) => {
    const before = await Deno.readTextFile(join(checkpoints, "../stats.jsonl"));
    const drawn = [...Deno.readDirSync(join(checkpoints, "../samples"))].map(({ name }) => name);
    await Deno.remove(checkpoints, { recursive: true });
    const ended = await inProcess(resume(options));
    assert.match(ended.err, /ended before its first checkpoint, or somebody deleted them/);
    assert.equal(resultOf(ended).digest, digest);
    const stats = await Deno.readTextFile(join(checkpoints, "../stats.jsonl"));
    const seen = stats.trim().split("\n").map((line) => JSON.parse(line).imagesSeen);
    // the earlier session's points are not mixed in
    assert.deepEqual(seen.filter((n) => n === 8), [8]);
    const aside = join(checkpoints, "../abandoned/000000000");
    assert.equal(await Deno.readTextFile(join(aside, "stats.jsonl")), before);
    assert.deepEqual([...Deno.readDirSync(join(aside, "samples"))].map(({ name }) => name), drawn);
    assert.ok(drawn.length > 0 && before !== "");
  }));

Deno.test("changed options are told as a difference each; --force goes on with them", () =>
  withStoppedRun(async (options) => {
    const more = [...options.more!, "--gamma", "5", "--seed", "9"]; // set by withStoppedRun
    const refused = await inProcess(resume({ ...options, more }));
    assert.equal(refused.code, 2);
    assert.match(refused.err, /seed: 0 → 9/);
    assert.match(refused.err, /config\.gamma: 2 → 5/);
    assert.match(refused.err, /with --force to go on with the new ones/);
    const forced = await inProcess(resume({ ...options, more: [...more, "--force"] }));
    assert.match(forced.err, /warning: resuming is not exact:\n {2}/);
    assert.equal(resultOf(forced).imagesSeen, 96);
  }));

Deno.test("changed data are told; --force goes on with them", () =>
  withStoppedRun(async (options) => {
    const picture = await gradientPng(8, 8, 250);
    await Deno.writeFile(join(options.folder, "data", "3.png"), picture);
    const refused = await inProcess(resume(options));
    assert.equal(refused.code, 2);
    assert.match(refused.err, /dataset\.digest: "[0-9a-f]{64}" → "[0-9a-f]{64}"/);
    const more = [...options.more!, "--force"]; // set by withStoppedRun
    assert.equal(resultOf(await inProcess(resume({ ...options, more }))).imagesSeen, 96);
  }));

Deno.test("another model is refused, with --force too", () =>
  withStoppedRun(async (options) => {
    const more = [...options.more!, "--plugin", "stylegan", "--force"]; // set by withStoppedRun
    const { code, err } = await inProcess(resume({ ...options, more }));
    assert.equal(code, 2);
    assert.match(err, /with --plugin stylegan: expected the run's own model, tiny/);
  }));

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const copy = isDirectory ? copyFolder : Deno.copyFile;
    await copy(join(from, name), join(to, name));
  }
}
