import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli, runCli } from "./cli_process.ts";
import { QUIET, trainTiny } from "./discs_run.ts";

Deno.test(
  "directions shows, names and finds directions from classes, and sample goes along " +
    "them",
  (t) =>
    withFolder(async (folder) => {
      await trainTiny(folder);
      const draw = async (...args: string[]) =>
        JSON.parse(await expectCli([...args, "--json", ...QUIET], folder));
      const pixels = (name: string) => sharp(join(folder, name)).raw().toBuffer();
      const cell = (name: string, column: number, row: number) =>
        sharp(join(folder, name)).extract({ left: 8 * column, top: 8 * row, width: 8, height: 8 })
          .raw().toBuffer();
      const flags = ["--labels", "red", "--scale", "1"];

      await t.step(
        "the picture has a row a direction, and what it shows is what sample draws",
        async () => {
          const { directions, kept } = await draw(
            ...[
              "directions",
              "--count",
              "3",
              "--layers",
              "coarse",
              "--seed",
              "4",
              "--out",
              "d.png",
            ],
            ...["--save", "turn=2", ...flags],
          );
          assert.deepEqual(directions.map((d: { origin: string }) => d.origin), [
            "sefa1",
            "sefa2",
            "sefa3",
          ]);
          assert.deepEqual(kept, ["turn"]);
          const { width, height } = await sharp(join(folder, "d.png")).metadata();
          assert.deepEqual([width, height], [7 * 8, 3 * 8]); // -3 … 3
          await draw("sample", "--seeds", "4", "--grid", "still.png", ...flags);
          for (const row of [0, 1, 2]) {
            assert.deepEqual(await cell("d.png", 3, row), await pixels("still.png"));
          }
          await draw(
            "sample",
            "--seeds",
            "4",
            "--grid",
            "on.png",
            "--direction",
            "2:+3@coarse",
            ...flags,
          );
          assert.deepEqual(await cell("d.png", 6, 1), await pixels("on.png"));
          await draw(
            "sample",
            "--seeds",
            "4",
            "--grid",
            "named.png",
            "--direction",
            "turn:3",
            ...flags,
          );
          assert.deepEqual(await pixels("named.png"), await pixels("on.png"));
          assert.notDeepEqual(await pixels("on.png"), await pixels("still.png"));
        },
      );

      await t.step("layers from --trunc-cutoff on aren't truncated, as in sample", async () => {
        const cut = ["--trunc", "0.2", "--trunc-cutoff", "2"];
        const one = ["--count", "1", "--seed", "4", "--out", "cut.png"];
        await draw("directions", ...one, ...cut, ...flags);
        await draw("sample", "--seeds", "4", "--grid", "cut-still.png", ...cut, ...flags);
        assert.deepEqual(await cell("cut.png", 3, 0), await pixels("cut-still.png"));
      });

      await t.step("several directions add up, and there and back is where it began", async () => {
        const back = ["--direction", "pca1:+2", "--direction", "pca1:-2"];
        await draw("sample", "--seeds", "4", "--grid", "back.png", ...back, ...flags);
        const [still, there] = [await pixels("still.png"), await pixels("back.png")];
        assert.ok(still.every((byte, i) => Math.abs(byte - there[i]!) <= 1)); // rounding
      });

      await t.step("walk goes from far back to far on, a cell a seed", async () => {
        const { frames } = await draw(
          ...["walk", "--seeds", "4,5", "--direction", "turn:3", "--frames", "2", "--size", "16"],
          ...["--labels", "red", "--out", "turn.gif"],
        );
        assert.equal(frames, 3);
        const { width, height } = await sharp(join(folder, "turn.gif")).metadata();
        assert.deepEqual([width, height], [16, 8]);
        const on = await pixels("on.png");
        const apart = async (page: number) => {
          const frame = sharp(join(folder, "turn.gif"), { page });
          const first = await frame.extract({ left: 0, top: 0, width: 8, height: 8 })
            .removeAlpha().raw().toBuffer();
          return first.reduce((sum, byte, i) => sum + Math.abs(byte - on[i]!), 0) / first.length;
        };
        const [back, middle, end] = [await apart(0), await apart(1), await apart(2)];
        assert.ok(end < 4, `${end}: a GIF has 256 colours`);
        assert.ok(end < middle && middle < back, `${[back, middle, end]}`);
        const { code, stderr } = await runCli(
          [...["walk", "--seeds", "1-3", "--direction", "1:1", "--grid", "2x1"], ...QUIET],
          folder,
        );
        assert.equal(code, 2);
        assert.match(stderr, /expected 2 seeds, received 3/);
      });

      await t.step("a direction from two classes separates them", async () => {
        const { directions } = await draw(
          ...[
            "directions",
            "--examples",
            "red,blue",
            "--save",
            "bluer",
            "--out",
            "e.png",
            ...flags,
          ],
        );
        assert.equal(directions.length, 1);
        // chance is one half; training on 16 images achieves little more
        assert.ok(directions[0].share > 0.75, `${directions[0].share}`);
      });

      await t.step("what can't be is told", async () => {
        for (
          const [args, expected] of [
            [["sample", "--direction", "smile:2"], /expected one of bluer, turn/],
            [["sample", "--direction", "turm:2"], /Did you mean "turn"\?/],
            [["sample", "--direction", "99:1"], /expected 1 … 8/],
            [["sample", "--direction", "1:1@9"], /numbers of 0 … 3/],
            [["sample", "--direction", "1"], /a colon and an amount/],
            [["sample", "--seeds", "@cat"], /deno task project/],
            [["directions", "--save", "pca3=1"], /sefa3 and pca3 are taken/],
            [["directions", "--save", "turn=1"], /as turn: .* has one of that name\. .* delete/],
            [["directions", "--save", "a=1,a=2"], /two directions as a: expected a name each/],
            [["directions", "--seed", "1,2"], /expected one --seed/],
            [
              ["directions", "--examples", "red,red"],
              /two different classes .* received one twice/,
            ],
            [
              ["directions", "--examples", ".,runs/.."],
              /different classes or folders, received one/,
            ],
            [
              ["directions", "--save", "fresh=1,far=99"],
              /Cannot save far: expected direction 1 … 8/,
            ],
          ] as const
        ) {
          const { code, stderr } = await runCli([...args, ...QUIET], folder);
          assert.equal(code, 2, stderr);
          assert.match(stderr, expected);
        }
        const again = await runCli(["sample", "--direction", "fresh:1", ...QUIET], folder);
        // none of the listed directions was saved
        assert.match(again.stderr, /expected one of bluer, turn/);
      });
    }),
);
