import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../testing/with_folder.ts";
import { CHECKPOINT_SCHEMA, encodeManifest } from "./manifest.ts";
import { findCheckpoints } from "./paths.ts";
import { loadNewestIntact } from "./reader.ts";
import { writeCheckpoint } from "./writer.ts";
import { float32Values } from "./tensors.ts";
import { contents } from "./test_data.ts";

const never = { onSkipped: (path: string, why: string) => assert.fail(`${path}: ${why}`) };

Deno.test("writeCheckpoint() writes what loadNewestIntact() reads", () =>
  withFolder(async (run) => {
    assert.equal(await loadNewestIntact(run, never), null);
    const saved = contents(32);
    const written = await writeCheckpoint(run, saved);
    const loaded = (await loadNewestIntact(run, never))!;
    assert.equal(written.path, "checkpoints/000000032");
    assert.equal(loaded.path, written.path);
    assert.equal(loaded.manifest.digest, written.digest);
    assert.deepEqual(loaded.manifest.meta, saved.meta);
    assert.deepEqual(Object.keys(loaded.files), ["generator.safetensors", "optimizer.safetensors"]);
    const weight = loaded.files["generator.safetensors"]!["block4/weight"]!;
    assert.deepEqual(
      float32Values(weight),
      float32Values(saved.files["generator.safetensors"]!["block4/weight"]!),
    );
    let bytes = 0;
    for await (const { name } of Deno.readDir(join(run, written.path))) {
      bytes += (await Deno.stat(join(run, written.path, name))).size;
    }
    assert.equal(written.bytes, bytes);
  }));

Deno.test("writeCheckpoint() digests state, not folders, hours or machines", () =>
  withFolder((one) =>
    withFolder(async (two) => {
      const a = await writeCheckpoint(one, contents(32), { now: new Date(0) });
      const other = contents(32);
      other.meta.fingerprint = { cpu: "another" };
      other.meta.info = { trainedSeconds: 99 };
      other.meta.config = { out: two };
      const b = await writeCheckpoint(two, other);
      assert.equal(a.digest, b.digest);
      const digests = new Set([a.digest]);
      const changes: ((c: ReturnType<typeof contents>) => void)[] = [
        (c) => c.meta.seed++,
        (c) => c.meta.counters.step!++,
        (c) => c.meta.cursor.train!++,
        (c) => c.meta.pluginStates = { ada: { p: 0.5 } },
        (c) => c.meta.dataset.digest = "other",
        (c) => c.imagesSeen++,
        (c) => c.files["optimizer.safetensors"]!.step!.data[0]! ^= 1,
      ];
      for (const [i, change] of changes.entries()) {
        const changed = contents(32);
        change(changed);
        const { digest } = await writeCheckpoint(two, changed);
        assert.equal(digests.has(digest), false, `change ${i}`);
        digests.add(digest);
      }
    })
  ));

Deno.test("writeCheckpoint() keeps an equal checkpoint and never replaces another", () =>
  withFolder(async (run) => {
    const first = await writeCheckpoint(run, contents(32));
    const second = await writeCheckpoint(run, contents(32));
    assert.equal(second.path, first.path);
    assert.equal(second.digest, first.digest);
    const third = await writeCheckpoint(run, contents(32, 1));
    assert.equal(third.path, "checkpoints/000000032-1");
    await Deno.writeTextFile(join(run, first.path, "generator.safetensors"), "damaged");
    const fourth = await writeCheckpoint(run, contents(32));
    assert.equal(fourth.path, "checkpoints/000000032-2");
    assert.deepEqual((await findCheckpoints(run)).map((c) => c.attempt), [0, 1, 2]);
    assert.equal((await loadNewestIntact(run, never))!.path, fourth.path);
    for await (const { name } of Deno.readDir(join(run, "checkpoints"))) {
      assert.equal(name.startsWith(".tmp-"), false);
    }
  }));

Deno.test(
  "writeCheckpoint() makes an equal checkpoint that it finds durable, or says that it " +
    "isn't",
  () =>
    withFolder(async (run) => {
      const { digest } = await writeCheckpoint(run, contents(32));
      const parent = `sync ${join(run, "checkpoints")}`;
      const points: string[] = [];
      await writeCheckpoint(run, contents(32), { at: (point) => void points.push(point) });
      assert.equal(points.filter((point) => point === parent).length, 1);
      assert.equal(points.at(-1), parent);
      const at = (point: string) => {
        if (point === parent) throw new Error("Input/output error (os error 5)");
      };
      await assert.rejects(
        writeCheckpoint(run, contents(32), { at }),
        /Cannot make the checkpoint 000000032 durable: Input.*a power cut may undo it/,
      );
      assert.equal((await loadNewestIntact(run, never))!.manifest.digest, digest);
    }),
);

Deno.test("writeCheckpoint() refuses meta that JSON would change, before writing", () =>
  withFolder(async (run) => {
    const bad = contents(32);
    bad.meta.pluginStates = { ada: { p: NaN } };
    await assert.rejects(
      writeCheckpoint(run, bad),
      /TypeError: Cannot store state\.pluginStates\.ada\.p: .* received NaN/,
    );
    assert.deepEqual([...Deno.readDirSync(run)], []);
  }));

Deno.test("writeCheckpoint() refuses meta that no reader would accept, before writing", () =>
  withFolder(async (run) => {
    const nested = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels));
    const cases: [unknown, RegExp][] = [
      [new Array(3), /TypeError: Cannot store state\.pluginStates\.ada: .* received no element 0/],
      [
        nested(30),
        /TypeError: Cannot store manifest\.meta\.pluginStates\.ada\[0\].*than 32 levels/,
      ],
    ];
    for (const [state, message] of cases) {
      const bad = contents(32);
      bad.meta.pluginStates = { ada: state };
      await assert.rejects(writeCheckpoint(run, bad), message);
      assert.deepEqual([...Deno.readDirSync(run)], []);
    }
    const deepest = contents(32);
    deepest.meta.pluginStates = { ada: nested(29) };
    await writeCheckpoint(run, deepest);
    assert.deepEqual((await loadNewestIntact(run, never))!.manifest.meta, deepest.meta);
  }));

Deno.test("encodeManifest() refuses bytes that would be read as something else", () => {
  const { imagesSeen, meta } = contents(32);
  // only JSON.stringify() calls toJSON(), the hash doesn't
  const list = Object.assign([1], { toJSON: () => [2] });
  assert.throws(
    () =>
      encodeManifest({
        format: "cambium-checkpoint",
        schema: CHECKPOINT_SCHEMA,
        imagesSeen,
        digest: "0".repeat(64),
        created: "",
        files: {},
        meta: { ...meta, info: { list } },
      }),
    /received other contents than its hash/,
  );
});

Deno.test("two writers of one run leave two intact checkpoints", () =>
  withFolder(async (run) => {
    const written = await Promise.all(
      [1, 2].map((seed) => writeCheckpoint(run, contents(32, seed))),
    );
    assert.deepEqual(
      written.map((w) => w.path).sort(),
      ["checkpoints/000000032", "checkpoints/000000032-1"],
    );
    await loadNewestIntact(run, never);
  }));
