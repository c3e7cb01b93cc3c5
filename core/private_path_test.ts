import assert from "node:assert/strict";
import { join } from "node:path";
import { makePrivate } from "./private_path.ts";
import { withFolder } from "./testing/with_folder.ts";

const ignore = Deno.build.os === "windows"; // it has no modes

Deno.test("makePrivate() takes away the right of others to write, and says that they had it", {
  ignore,
}, () =>
  withFolder(async (folder) => {
    const path = join(folder, "kept");
    await Deno.writeTextFile(path, "");
    for (
      const [mode, found, left] of [
        [0o600, "private", 0o600],
        [0o644, "private", 0o644],
        [0o664, "tightened", 0o644],
        [0o666, "tightened", 0o644],
      ] as const
    ) {
      await Deno.chmod(path, mode);
      assert.equal(await makePrivate(path), found);
      assert.equal((await Deno.stat(path)).mode! & 0o777, left);
    }
  }));

Deno.test("makePrivate() refuses what belongs to somebody else, or what anybody may replace", {
  ignore,
}, () =>
  withFolder(async (folder) => {
    const path = join(folder, "kept");
    await Deno.writeTextFile(path, "");
    const { uid } = await Deno.stat(path);
    if (uid !== 0) await assert.rejects(makePrivate(path, uid! + 1), /belong to this user or root/);
    if (uid === 0) { // only root can give files away
      await Deno.chown(path, 4321, null);
      await assert.rejects(makePrivate(path), /belong to this user or root, received user 4321's/);
      await Deno.chown(path, 0, null);
      await Deno.chmod(path, 0o666);
      await assert.rejects(
        makePrivate(path, 4321),
        /only its owner may write it, received mode 666/,
      );
    }
    await Deno.chmod(folder, 0o777);
    await assert.rejects(makePrivate(path), /not everybody may replace it/);
    await Deno.chmod(folder, 0o1777); // as /tmp is
    assert.match(await makePrivate(path), /private|tightened/);
  }));
