/**
 * `--from` on data of another kind: layers that fit are taken over, and reported by name and
 * number.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../core/testing/with_folder.ts";
import { runCli } from "./cli_process.ts";
import { QUIET, trainTiny, writeDiscs } from "./discs_run.ts";

/** The reported numbers of a network's arrays: taken over, new, and left out. */
function toldOf(network: string, text: string) {
  const match = new RegExp(
    `(\\d+) of (\\d+) arrays of the ${network}(?: \\(new: ([^)]*)\\))?(?: \\(not taken: ([^)]*)\\))?`,
  ).exec(text);
  assert.ok(match, text);
  const [, taken, total, fresh = "", left = ""] = match;
  return { taken: Number(taken), total: Number(total), fresh: fresh.split(", "), left };
}

Deno.test("a run in colour with classes lends its weights to a grey one without, and back", () =>
  withFolder(async (folder) => {
    await trainTiny(folder);
    await writeDiscs(join(folder, "others"), 12);
    const begin = async (from: string, ...more: string[]) => {
      const { code, stderr } = await runCli(
        [
          ...["train", "--from", from, "--data", "others", "--cache", "cache"],
          ...["--images", "8", ...more, ...QUIET],
        ],
        folder,
      );
      assert.equal(code, 0, stderr);
      return stderr; // what is printed besides the log
    };
    const specOf = async (run: string) =>
      JSON.parse(await Deno.readTextFile(join(folder, "runs", run, "config.json")));

    // The source was fading in 8 px, so only 4 px has been learned.
    const grey = await begin("0", "--grey", "--no-labels", "--start-resolution", "4");
    assert.match(grey, /Weights of 00000-stylegan-discs at 16 images: /);
    const critic = toldOf("discriminator", grey), generator = toldOf("generator", grey);
    assert.deepEqual(critic.fresh, [
      "discriminator/4px/from_image/weight", // one channel instead of three
      "discriminator/4px/score/weight", // one score instead of one per class
      "discriminator/4px/score/bias",
    ]);
    assert.deepEqual(generator.fresh, [
      "generator/mapping/dense0/weight", // z alone instead of z and the class
      "generator/synthesis/4px/to_image/weight",
      "generator/synthesis/4px/to_image/bias",
    ]);
    for (const { taken, total, fresh, left } of [critic, generator]) {
      assert.equal(taken, total - fresh.length);
      assert.match(left, / and \d+ more$/); // those of 8 px as well
    }
    const { data, dataset, from } = await specOf("00001-stylegan-others");
    assert.deepEqual([data.channels, dataset.labels, from.run], [1, [], "00000-stylegan-discs"]);

    const colour = await begin("1", "--no-grey", "--labels");
    assert.match(colour, /Weights of 00001-stylegan-others at 8 images: /);
    const back = toldOf("generator", colour);
    assert.ok(back.taken > 0 && back.fresh.includes("generator/mapping/embed/weight"));
    assert.deepEqual((await specOf("00002-stylegan-others")).dataset.labels, ["blue", "red"]);
  }));
