import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectNoInput, expectOutside, expectPng } from "./out_path.ts";

Deno.test("a picture that can't be written is told before it is drawn", () =>
  withFolder(async (folder) => {
    const file = join(folder, "there.png");
    await Deno.writeTextFile(file, "older");
    for (const name of ["there.png", "new.PNG", "new/deep/new.png"]) {
      await expectPng(join(folder, name));
    }
    await assert.rejects(() => expectPng(join(folder, "a.jpg")), /a\.jpg: expected .* in \.png/);
    await assert.rejects(() => expectPng(join(folder, "grid")), /grid: expected .* in \.png/);
    await assert.rejects(() => expectPng(join(file, "a.png")), /a\.png: .* received a file/);
  }));

Deno.test("a picture isn't written among those that are read, also not by a link", () =>
  withFolder(async (folder) => {
    const data = join(folder, "photos"), sheet = "contact-sheet.png";
    await Deno.mkdir(join(data, "cats"), { recursive: true });
    await Deno.symlink(data, join(folder, "linked"));
    for (const inside of [data, join(data, "cats"), join(data, "new"), join(folder, "linked")]) {
      await assert.rejects(() => expectOutside(join(inside, sheet), data), {
        name: "UsageError",
        message:
          `Cannot write ${join(inside, sheet)}: expected a place outside the data, received ` +
          `one in ${data}, where it would be read as a picture. Name another, such as ` +
          join(folder, sheet),
      });
    }
    for (const path of [join(folder, sheet), join(folder, "photos2", sheet)]) {
      await expectOutside(path, data);
    }
    await expectOutside(sheet, "emoji");
  }));

Deno.test("a result is not written over a picture that is read", () =>
  withFolder(async (folder) => {
    const [cat, link] = ["cat.png", "link.png"].map((name) => join(folder, name));
    await Deno.writeTextFile(cat!, "a picture");
    await Deno.symlink(cat!, link!);
    for (const out of [cat!, link!]) {
      await assert.rejects(() => expectNoInput(out, ["none.png", cat!]), /received .*cat\.png/);
    }
    await expectNoInput(join(folder, "new.png"), [cat!, "none.png"]);
  }));
