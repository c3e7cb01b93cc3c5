import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli, runCli } from "./cli_process.ts";
import { QUIET, trainTiny } from "./discs_run.ts";

const pixels = (path: string) => sharp(path).raw().toBuffer();

Deno.test("sample, mix, walk and metrics draw from a run that the command line trained", (t) =>
  withFolder(async (folder) => {
    await trainTiny(folder);
    const draw = async (...args: string[]) =>
      JSON.parse(await expectCli([...args, "--json", ...QUIET], folder));

    await t.step("a seed gives the same image, whatever is drawn beside it", async () => {
      const alone = await draw("sample", "--seeds", "3", "--out", "alone");
      assert.deepEqual(alone.files, [join(await Deno.realPath(folder), "alone", "seed0003.png")]);
      const named = await draw("sample", "--seeds", "0-5", "--out", "one.PNG");
      assert.deepEqual(named.files, [join(await Deno.realPath(folder), "one.PNG")]);
      const many = await draw("sample", "--seeds", "0-5", "--out", "many", "--grid", "grid.png");
      assert.equal(many.files.length, 7);
      assert.equal(many.imagesSeen, 16);
      assert.deepEqual(
        await pixels(join(folder, "alone", "seed0003.png")),
        await pixels(join(folder, "many", "seed0003.png")),
      );
      const grid = await sharp(join(folder, "grid.png")).metadata();
      assert.deepEqual([grid.width, grid.height], [3 * 64, 2 * 64]); // 6 cells of 8 px, 8 times
      const seeds = [...Array(6).keys()].map((n) =>
        pixels(join(folder, "many", `seed000${n}.png`))
      );
      assert.equal(new Set((await Promise.all(seeds)).map((p) => p.toString("hex"))).size, 6);
    });

    await t.step("labels, weights, truncation and the checkpoint change the image", async () => {
      const images = new Set<string>();
      for (
        const [i, flags] of [
          ["--labels", "red"],
          ["--labels", "blue"],
          ["--labels", "red", "--weights", "live"],
          ["--labels", "red", "--trunc", "0.2"],
          ["--labels", "red", "--checkpoint", "8"],
        ].entries()
      ) {
        const { labels } = await draw("sample", "--seeds", "1", "--out", `o${i}`, ...flags);
        assert.deepEqual(labels, [flags[1]]);
        images.add((await pixels(join(folder, `o${i}`, "seed0001.png"))).toString("hex"));
      }
      assert.equal(images.size, 5);
    });

    await t.step("a seed of two labels has a file of each", async () => {
      const { files } = await draw(
        "sample",
        "--seeds",
        "1,1",
        "--labels",
        "red,blue",
        "--out",
        "r",
      );
      assert.equal(new Set(files).size, 2);
      for (const [i, file] of files.entries()) {
        assert.deepEqual(await pixels(file), await pixels(join(folder, `o${i}`, "seed0001.png")));
      }
    });

    await t.step("mix shows the sources in its first row and column", async () => {
      const { layers, crossover } = await draw(
        ...[
          "mix",
          "--rows",
          "0,1",
          "--cols",
          "1-3",
          "--labels",
          "red",
          "--out",
          "mix.png",
          "--scale",
          "1",
        ],
      );
      assert.deepEqual([layers, crossover], [4, 2]); // two for each resolution, 4 and 8 px
      await draw("sample", "--seeds", "0-3", "--labels", "red", "--out", "sources");
      const cell = (column: number, row: number) =>
        sharp(join(folder, "mix.png")).extract({
          left: 8 * column,
          top: 8 * row,
          width: 8,
          height: 8,
        })
          .raw().toBuffer();
      for (
        const [column, row, seed] of [[1, 0, 1], [3, 0, 3], [0, 1, 0], [0, 2, 1], [
          1,
          2,
          1,
        ]] as const
      ) {
        assert.deepEqual(
          await cell(column, row),
          await pixels(join(folder, "sources", `seed000${seed}.png`)),
        );
      }
      assert.notDeepEqual(await cell(2, 1), await cell(0, 1));
      assert.ok((await cell(0, 0)).every((value) => value === 255));
    });

    await t.step("walk writes its frames with their delay", async () => {
      await draw(
        "walk",
        ...["--seeds", "0-2", "--frames", "2", "--loop", "--fps", "10"],
        "--out",
        "w.gif",
      );
      await draw(
        "walk",
        ...["--seeds", "0,1", "--frames", "3", "--grid", "2x1", "--size", "64"],
        "--out",
        "w.webp",
      );
      const gif = await sharp(join(folder, "w.gif"), { animated: true }).metadata();
      assert.deepEqual([gif.pages, gif.width, gif.pageHeight, gif.delay?.[0]], [6, 128, 128, 100]);
      const webp = await sharp(join(folder, "w.webp"), { animated: true }).metadata();
      assert.deepEqual([webp.pages, webp.width, webp.pageHeight], [4, 64, 32]);
    });

    await t.step("metrics measures both sets with half of the data", async () => {
      const found = await draw("metrics", "--cache", "cache");
      assert.equal(found.images, 8); // 16 train
      assert.deepEqual(found.swd.levels.map((l: { resolution: number }) => l.resolution), [8]);
      assert.ok(found.swd.average > found.swdFloor.average, "16 images do not train a GAN");
      assert.ok(found.swdFloor.average > 0);
      assert.ok(found.msSsim.reals > 0 && found.msSsim.reals < 1);
    });

    await t.step("what can't be drawn ends with code 2 and says what to do", async () => {
      for (
        const [args, expected] of [
          [["sample", "--checkpoint", "9"], /expected the checkpoint of 8, 16/],
          [["sample", "--labels", "rad"], /Did you mean "red"/],
          [
            ["sample", "--out", "a.png", "--grid", "b.png"],
            /expected one picture, received --grid/,
          ],
          [
            ["sample", "--seeds", "1", "--labels", "red,blue"],
            /at most 1 for 1 images, received 2/,
          ],
          [["walk", "--labels", "red,blue"], /at most 1 for 1 walks, each of one class/],
          [["sample", "--run", "7"], /newest: 00000-stylegan-discs/],
          [["sample", "--run", ""], /received nothing\. Leave it out for the newest/],
          [["mix", "--crossover", "4"], /1 … 3/],
          [["walk", "--out", "w.mp4"], /\.webp or \.gif/],
          [["sample", "--grid", "a.jpg"], /a\.jpg: expected a name that ends in \.png/],
          [["sample", "--out", "a.webp"], /a\.webp: expected a folder, or a name that ends in/],
          [["sample", "--out", "grid.png/new"], /received a file at .*grid\.png/],
          [["export", "--to", "web", "--out", "grid.png"], /received a file at .*grid\.png/],
          [["mix", "--out", "discs"], /discs: expected a name that ends in \.png/],
          [["train", "--resume", "--plugin", "dcgan"], /the run's own model, stylegan/],
          [["walk", "--frames", "100k"], /smaller --size or fewer --frames/],
          [["sample", "--seeds", "0,4294967296"], /Expected seeds of 0 to 4294967295/],
          [["metrics", "--seed", "4294967296"], /Expected a whole number of 0 to 4294967295/],
          [["transfer", "7", "4294967296"], /Expected seeds of 0 to 4294967295/],
          [["walk", "--seeds", "0,2147483648", "--grid", "2x1"], /received 4294967297 in the last/],
          [["walk", "--size", "17000"], /received 17000×17000 px\. Use another --size/],
          [["sample", "--scale", "100000"], /at most 268 megapixels .* Use a smaller --scale/],
          [["mix", "--scale", "100000"], /at most 268 megapixels .* Use a smaller --scale/],
        ] as const
      ) {
        const { code, stderr } = await runCli([...args, ...QUIET], folder);
        assert.equal(code, 2, stderr);
        assert.match(stderr, expected);
      }
    });
    await t.step("what a run's folder can't keep is told before the work", async () => {
      const run = join(folder, "runs", "00000-stylegan-discs");
      const parts = ["drawn", "directions", "projected"].map((part) => join(run, part));
      for (const part of parts) await Deno.remove(part, { recursive: true }).catch(() => {});
      for (const part of parts) await Deno.writeTextFile(part, "a file");
      const [picture] = await Array.fromAsync(Deno.readDir(join(folder, "discs", "red")));
      for (
        const args of [
          ["sample"],
          ["mix"],
          ["walk"],
          ["walk", "--direction", "1:+1"],
          ["directions"],
          ["directions", "--out", "d.png", "--save", "one=1"],
          ["transfer", "1", "2"],
          ["project", join("discs", "red", picture!.name)],
          ["metrics", "--copies", "--cache", "cache"],
        ]
      ) {
        const { code, stderr } = await runCli([...args, ...QUIET], folder);
        assert.equal(code, 2, stderr);
        assert.match(stderr, /received a file at .*(drawn|directions|projected)\. /);
        assert.doesNotMatch(stderr, /Drawing|Looking|Searching|Comparing|Measuring/);
      }
      for (const part of parts) await Deno.remove(part);
    });
    await t.step(
      "a run of another version is drawn with defaults, or refused by name",
      async () => {
        const path = join(folder, "runs", "00000-stylegan-discs", "config.json");
        const change = async (edit: (config: Record<string, Record<string, unknown>>) => void) => {
          const config = JSON.parse(await Deno.readTextFile(path));
          edit(config);
          await Deno.writeTextFile(path, JSON.stringify(config));
        };
        await change((config) => delete config.run!.previewTruncation);
        const { files } = await draw("sample", "--seeds", "3", "--out", "older");
        assert.deepEqual(
          await pixels(files[0]),
          await pixels(join(folder, "alone", "seed0003.png")),
        );
        await change((config) => config.options!.stylegan = { mappingLayers: 3 });
        const { code, stderr } = await runCli(["sample", ...QUIET], folder);
        assert.equal(code, 2, stderr);
        assert.match(stderr, /Cannot open 00000-stylegan-discs: .*its plugin has changed since/);
      },
    );
  }));
