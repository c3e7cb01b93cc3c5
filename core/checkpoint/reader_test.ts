import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { withFolder } from "../testing/with_folder.ts";
import { CorruptCheckpointError, NewerCheckpointError } from "./errors.ts";
import { canonicalJson } from "./json.ts";
import { CHECKPOINT_SCHEMA } from "./manifest.ts";
import { sha256 } from "../sha256.ts";
import { checkpointsFolder, findCheckpoints } from "./paths.ts";
import { pruneCheckpoints } from "./prune.ts";
import { loadNewestIntact, readCheckpoint } from "./reader.ts";
import { writeCheckpoint } from "./writer.ts";
import { contents } from "./test_data.ts";

/** Writes one checkpoint and returns its folder. */
async function written(run: string, imagesSeen = 32): Promise<string> {
  return join(run, (await writeCheckpoint(run, contents(imagesSeen))).path);
}

/** Changes the manifest and corrects its own hash. */
async function rewriteManifest(
  folder: string,
  change: (manifest: Record<string, unknown>) => void,
): Promise<void> {
  const path = join(folder, "manifest.json");
  const { sha256: _, ...manifest } = JSON.parse(await Deno.readTextFile(path));
  change(manifest);
  const own = sha256(canonicalJson(manifest));
  await Deno.writeTextFile(path, JSON.stringify({ ...manifest, sha256: own }));
}

Deno.test("readCheckpoint() refuses any flipped bit and any cut, in every file", () =>
  withFolder(async (run) => {
    const folder = await written(run);
    const intact = await readCheckpoint(folder);
    const names = [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
    assert.equal(names.length, 3);
    for (const name of names) {
      const path = join(folder, name);
      const bytes = await Deno.readFile(path);
      const tries = async (changed: Uint8Array, what: string) => {
        await Deno.writeFile(path, changed);
        try {
          // White space in the manifest may change without changing its content.
          assert.deepEqual(await readCheckpoint(folder), intact, what);
          assert.equal(name, "manifest.json", `${what} was accepted`);
        } catch (error) {
          const refused = error instanceof CorruptCheckpointError ||
            error instanceof NewerCheckpointError;
          assert.ok(refused, `${what}: ${error}`);
        }
      };
      const bit = fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7) });
      await fc.assert(
        fc.asyncProperty(bit, ({ at, bit }) => {
          const flipped = bytes.slice();
          flipped[at]! ^= 1 << bit;
          return tries(flipped, `${name}: bit ${bit} of byte ${at}`);
        }),
        { numRuns: 150 },
      );
      const cut = fc.nat(bytes.length - 1);
      await fc.assert(
        fc.asyncProperty(cut, (end) => tries(bytes.slice(0, end), `${name}: cut at ${end}`)),
        { numRuns: 30 },
      );
      await tries(new Uint8Array([...bytes, 0]), `${name}: one more byte`);
      await tries(new Uint8Array(bytes.length), `${name}: zeros`);
      await Deno.writeFile(path, bytes);
    }
    assert.deepEqual(await readCheckpoint(folder), intact);
  }));

Deno.test("readCheckpoint() wants exactly the manifest's plain files", () =>
  withFolder(async (run) => {
    const folder = await written(run);
    const generator = join(folder, "generator.safetensors");
    await Deno.writeTextFile(join(folder, "extra.txt"), "");
    await assert.rejects(readCheckpoint(folder), /only the manifest's files, received extra\.txt/);
    await Deno.remove(join(folder, "extra.txt"));
    await Deno.rename(generator, join(run, "moved"));
    await assert.rejects(readCheckpoint(folder), /no generator\.safetensors/);
    await Deno.symlink(join(run, "moved"), generator);
    await assert.rejects(readCheckpoint(folder), /plain file, received a symbolic link/);
    await Deno.remove(generator);
    await Deno.mkdir(generator);
    await assert.rejects(readCheckpoint(folder), /plain file, received something else/);
    await Deno.remove(generator);
    await Deno.rename(join(run, "moved"), generator);
    await readCheckpoint(folder);
    await Deno.symlink(folder, join(run, "link"));
    await assert.rejects(readCheckpoint(join(run, "link")), /plain folder, received a symbolic/);
    await assert.rejects(readCheckpoint(join(run, "none")), CorruptCheckpointError);
  }));

Deno.test("what systems leave in a checkpoint's folder damages nothing", () =>
  withFolder(async (run) => {
    for (const imagesSeen of [8, 16, 24]) {
      const folder = await written(run, imagesSeen);
      for (const name of [".DS_Store", "._generator.safetensors", "Thumbs.db"]) {
        await Deno.writeTextFile(join(folder, name), "");
      }
      await Deno.mkdir(join(folder, "@eaDir"));
    }
    const skipped: string[] = [], onSkipped = (path: string) => void skipped.push(path);
    assert.equal((await loadNewestIntact(run, { onSkipped }))?.imagesSeen, 24);
    assert.deepEqual(skipped, []);
    assert.equal((await writeCheckpoint(run, contents(24))).path, "checkpoints/000000024");
    const removed = await pruneCheckpoints(run, { keep: 2 });
    assert.deepEqual(removed.map(({ imagesSeen }) => imagesSeen), [8]);
    const left = await Array.fromAsync(Deno.readDir(join(run, "checkpoints")), ({ name }) => name);
    assert.deepEqual(left.sort(), ["000000016", "000000024"]);
  }));

Deno.test("readCheckpoint() refuses a consistent manifest that lies", () =>
  withFolder(async (run) => {
    const cases: [(manifest: Record<string, unknown>) => void, RegExp][] = [
      [(m) => m.imagesSeen = 33, /state digest/],
      [(m) => m.digest = "0".repeat(64), /state digest/],
      [(m) => m.imagesSeen = -1, /imagesSeen/],
      [(m) => m.files = { "../x.safetensors": { bytes: 1, sha256: "0".repeat(64) } }, /files/],
      [(m) => m.files = {}, /only the manifest's files/],
      [(m) => m.meta = {}, /meta/],
      [(m) => m.more = 1, /more/],
      [(m) => m.format = "other", /format/],
    ];
    for (const [i, [change, message]] of cases.entries()) {
      const folder = await written(run, i + 1);
      await rewriteManifest(folder, change);
      await assert.rejects(readCheckpoint(folder), (error: Error) => {
        assert.ok(error instanceof CorruptCheckpointError);
        assert.match(error.message, message);
        return true;
      });
    }
  }));

Deno.test(
  "readCheckpoint() says that a newer Cambium wrote it, and nothing is fallen back " +
    "from",
  () =>
    withFolder(async (run) => {
      await written(run, 8);
      await rewriteManifest(await written(run, 16), (manifest) => {
        manifest.schema = CHECKPOINT_SCHEMA + 1;
        manifest.unheardOf = true;
      });
      const skipped: string[] = [];
      await assert.rejects(
        loadNewestIntact(run, { onSkipped: (path) => skipped.push(path) }),
        (error: Error) =>
          error instanceof NewerCheckpointError &&
          /000000016.manifest\.json: .*newer Cambium wrote it/.test(error.message),
      );
      assert.deepEqual(skipped, []);
    }),
);

Deno.test("readCheckpoint() does not read a manifest that is too long", () =>
  withFolder(async (run) => {
    const folder = await written(run);
    await Deno.truncate(join(folder, "manifest.json"), 2 ** 31);
    await assert.rejects(readCheckpoint(folder), /manifest\.json of at most 8388608 bytes/);
  }));

Deno.test(
  "loadNewestIntact() falls back to the newest that is intact, and says what it " +
    "skipped",
  () =>
    withFolder(async (run) => {
      for (const images of [8, 16, 24, 32]) await written(run, images);
      await Deno.truncate(join(run, "checkpoints/000000032/generator.safetensors"), 5);
      await Deno.remove(join(run, "checkpoints/000000024/manifest.json"));
      await Deno.mkdir(join(run, "checkpoints/.tmp-000000040-abc"));
      await Deno.writeTextFile(join(run, "checkpoints/notes.txt"), "mine");
      const skipped: string[] = [];
      const onSkipped = (path: string, reason: string) => skipped.push(`${path}: ${reason}`);
      const loaded = await loadNewestIntact(run, { onSkipped });
      assert.equal(loaded!.imagesSeen, 16);
      assert.equal(skipped.length, 2);
      assert.match(skipped[0]!, /^checkpoints\/000000032: .*generator\.safetensors of \d+ bytes/);
      assert.match(skipped[1]!, /^checkpoints\/000000024: .*No such file/);
      for (const images of [8, 16]) {
        await Deno.remove(
          join(run, `checkpoints/0000000${images === 8 ? "08" : 16}/manifest.json`),
        );
      }
      await assert.rejects(loadNewestIntact(run, { onSkipped }), /received 4 that are not/);
    }),
);

Deno.test("a folder of checkpoints that can't be read is told, and is not one without any", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(checkpointsFolder(folder), "no folder");
    await assert.rejects(findCheckpoints(folder), {
      message:
        /^Cannot look for checkpoints: expected \S+checkpoints to be a folder that this user/,
    });
  }));
