import assert from "node:assert/strict";
import { join } from "node:path";
import { ConfigError } from "./config/mod.ts";
import { expectWritableFile, expectWritableFolder } from "./expect_writable.ts";
import { withFolder } from "./testing/with_folder.ts";

/** A path, and the expected error. */
type Refused = [path: string, message: RegExp];

async function expectRefused(cases: readonly Refused[], look: (path: string) => Promise<void>) {
  for (const [path, message] of cases) {
    await assert.rejects(() => look(path), (error: Error) => {
      assert(error instanceof ConfigError);
      assert.match(error.message, message);
      return true;
    });
  }
}

Deno.test("what can't be a file or a folder of files is told, and nothing is left behind", () =>
  withFolder(async (folder) => {
    const file = join(folder, "there.png"), link = join(folder, "link");
    await Deno.writeTextFile(file, "older");
    await Deno.symlink(join(folder, "nothing"), link);
    for (const name of ["there.png", "new.png", "new/deep/new.png"]) {
      await expectWritableFile(join(folder, name));
    }
    for (const name of ["", "new", "new/deep"]) await expectWritableFolder(join(folder, name));
    const isThere = [
      file,
      /expected a new file, received one that exists\. Use --overwrite/,
    ] as const;
    await expectRefused([[...isThere]], (path) => expectWritableFile(path, { overwrite: false }));
    await expectRefused([
      [folder, /expected the name of a file, received that of a folder\. Name another$/],
      [join(folder, "n".repeat(300)), /expected the name of a file, received .*too long/],
      [join(file, "a.png"), /has room, received a file at .*there\.png\. Name another$/],
      [join(link, "a.png"), /has room, received a link to nothing at .*link\. Name another$/],
      ...(Deno.build.os === "windows"
        ? []
        : [["/dev/null", /received that of a device/] as Refused]),
    ], expectWritableFile);
    await expectRefused([
      [file, /received a file at .*there\.png\. Name another$/],
      [join(file, "deep", "deeper"), /Cannot write .*deeper: .* received a file at .*there\.png/],
      [join(folder, "n".repeat(300), "deep"), /has room, received .*too long/],
    ], expectWritableFolder);
    for (const ending of [".png", ".JPG", ".svg", ".onnx"]) {
      const path = join(folder, `result${ending}`);
      await expectRefused([[path, /the name of a folder, received one that ends in .*without/]], (
        path,
      ) => expectWritableFolder(path));
      await Deno.mkdir(path);
      await expectWritableFolder(path); // it is one
      await Deno.remove(path);
    }
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assert.deepEqual(names.sort(), ["link", "there.png"]);
  }));

Deno.test({
  name: "a folder that takes no file is told, also for root, whom rights don't stop",
  ignore: Deno.build.os !== "linux",
  fn: () => expectRefused([["/proc/new/deep", /received .*\/proc/]], expectWritableFolder),
});

Deno.test({
  name: "a folder without the right to write is told",
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
  fn: () =>
    withFolder(async (folder) => {
      await Deno.chmod(folder, 0o555);
      await expectRefused([[join(folder, "a.png"), /received .*denied/]], expectWritableFile);
    }),
});
