import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { freeName, keepProjection, keptOf, keptProjections } from "./projection_file.ts";

Deno.test("a name is free, or of the same picture, or refused with another that is free", () =>
  withFolder(async (folder) => {
    const run = { folder, id: "00003-stylegan-cats", imagesSeen: 16, resolution: 8 };
    const [cat, other] = [Uint8Array.of(1, 2), Uint8Array.of(1, 3)];
    const read = (bytes: Uint8Array, path?: string) => ({ bytes, path });
    const found = { styles: [Float32Array.of(1)], noise: [] };
    assert.equal(await keptOf(run, "cat", read(cat)), undefined);
    const path = await keepProjection(run, "cat", cat, found);
    assert.equal(path, join(folder, "projected", "cat.safetensors"));
    assert.deepEqual(await keptOf(run, "cat", read(cat)), { imagesSeen: 16 });
    await keepProjection(run, "cat-2", other, found);
    await assert.rejects(keptOf(run, "cat", read(other, "my cat.png")), {
      name: "RunError",
      message: "Cannot keep the picture as @cat: 00003-stylegan-cats has another one of that " +
        "name. Give it another name, such as deno task project 'my cat.png' --name cat-3, or " +
        "delete projected/cat.safetensors in the run's folder",
    });
    assert.deepEqual(await keptProjections(run), ["cat", "cat-2"]);
    assert.equal(await freeName(run, "cat", cat), "cat");
    assert.equal(await freeName(run, "cat", other), "cat-3");
    const long = "a".repeat(64);
    await keepProjection(run, long, cat, found);
    assert.equal(await freeName(run, long, other), `${"a".repeat(62)}-2`);
    await keepProjection(run, "caf\u00e9", cat, found);
    assert.deepEqual(await keptOf(run, "cafe\u0301", read(cat)), { imagesSeen: 16 });
  }));

Deno.test("a file of before pictures were told apart, or a damaged one, keeps its name", () =>
  withFolder(async (folder) => {
    const run = { folder, id: "00003-stylegan-cats", imagesSeen: 16, resolution: 8 };
    await Deno.mkdir(join(folder, "projected"));
    await Deno.writeTextFile(join(folder, "projected", "cat.safetensors"), "no tensors");
    const picture = { bytes: Uint8Array.of(1), path: undefined };
    await assert.rejects(keptOf(run, "cat", picture), /delete projected\/cat\.safe/);
  }));
