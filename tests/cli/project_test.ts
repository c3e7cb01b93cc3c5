import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { selectBackend } from "../../core/backend/mod.ts";
import { type MixStylesOptions, openRun } from "../../core/engine.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli, runCli } from "./cli_process.ts";
import { QUIET, trainTiny } from "./discs_run.ts";

Deno.test("a generated picture is found back in w, and is a seed from then on", (t) =>
  withFolder(async (folder) => {
    await trainTiny(folder, ["--no-limits"]); // with limits, a search ends after half of its steps
    const draw = async (...args: string[]) =>
      JSON.parse(await expectCli([...args, "--json", ...QUIET], folder));
    const pixels = (name: string) => sharp(join(folder, name)).raw().toBuffer();
    const run = join("runs", "00000-stylegan-discs");
    await draw("sample", "--seeds", "7", "--trunc", "1", "--labels", "red", "--out", "target");

    await t.step(
      "the error falls below a fifth of the mean w's, and below that of w in w+",
      async () => {
        const { name, start, w, "w+": plus, files } = await draw(
          ...["project", "target/seed0007.png", "--steps", "200", "--features", "none"],
        );
        assert.equal(name, "seed0007");
        // 7 dB are a factor of five
        assert.ok(w.psnr > start.psnr + 7, `${start.psnr} dB, then ${w.psnr}`);
        assert.ok(plus.psnr > w.psnr, `${w.psnr} dB in w, ${plus.psnr} in w+`);
        assert.equal(files.length, 3);
        const picture = await sharp(files[1]).metadata();
        assert.deepEqual([picture.width, picture.height], [3 * 128, 128]); // the picture, w, w+
        assert.ok((await sharp(files[2], { animated: true }).metadata()).pages! > 30);
      },
    );

    await t.step("@name is drawn as it was found, whatever the truncation", async () => {
      await draw(
        "sample",
        "--seeds",
        "@seed0007",
        "--trunc",
        "0.2",
        "--grid",
        "a.png",
        "--scale",
        "16",
      );
      const shown = sharp(join(folder, run, "projected", "seed0007.png"));
      const found = await shown.extract({ left: 256, top: 0, width: 128, height: 128 }).raw()
        .toBuffer();
      assert.deepEqual(await pixels("a.png"), found);
      const moved = ["--direction", "1:+3", "--grid", "b.png", "--scale", "16"];
      await draw("sample", "--seeds", "@seed0007", ...moved);
      assert.notDeepEqual(await pixels("b.png"), found);
    });

    await t.step("it mixes and walks beside seeds", async () => {
      const one = ["--scale", "1", "--labels", "red"];
      await draw("mix", "--rows", "@seed0007", "--cols", "1,2", "--out", "mix.png", ...one);
      await draw(
        "sample",
        "--seeds",
        "@seed0007,1,2",
        "--grid",
        "three.png",
        "--columns",
        "3",
        ...one,
      );
      const cell = (name: string, column: number, row: number) =>
        sharp(join(folder, name)).extract({ left: 8 * column, top: 8 * row, width: 8, height: 8 })
          .raw().toBuffer();
      assert.deepEqual(await cell("mix.png", 0, 1), await cell("three.png", 0, 0));
      assert.deepEqual(await cell("mix.png", 2, 0), await cell("three.png", 2, 0));
      await draw(
        "walk",
        "--seeds",
        "@seed0007,1",
        "--frames",
        "3",
        "--out",
        "w.gif",
        "--labels",
        "red",
      );
      assert.equal((await sharp(join(folder, "w.gif"), { animated: true }).metadata()).pages, 4);
    });

    await t.step(
      "transfer projects what is no seed, and crosses the styles at every layer",
      async () => {
        const flags = ["--steps", "5", "--features", "none", "--out", "t.png", "--scale", "1"];
        await Deno.copyFile(join(folder, "target/seed0007.png"), join(folder, "target/猫.png"));
        const found = await draw("transfer", "target/猫.png", "3", ...flags);
        assert.deepEqual([found.content, found.style], ["@猫", 3]);
        assert.deepEqual(found.cuts, [3, 2, 1]); // four layers
        const { width, height } = await sharp(join(folder, "t.png")).metadata();
        assert.deepEqual([width, height], [5 * 8, 2 * 8]);
      },
    );

    await t.step("a kept picture is used again, not replaced by another of its name", async () => {
      await draw("sample", "--seeds", "8", "--out", "other");
      await Deno.rename(join(folder, "other/seed0008.png"), join(folder, "other/seed0007.png"));
      const kept = () => Deno.readFile(join(folder, run, "projected", "seed0007.safetensors"));
      const before = await kept(), quick = ["--steps", "5", "--features", "none"];
      for (const args of [["transfer", "3"], ["project"]]) {
        const other = [...args, "other/seed0007.png", ...quick, ...QUIET];
        const { code, stderr } = await runCli(other, folder);
        assert.equal(code, 2, stderr);
        assert.match(stderr, /as @seed0007: .* another one of that name.* --name seed0007-2/);
      }
      const { style } = await draw("transfer", "3", "target/seed0007.png", ...quick);
      assert.equal(style, "@seed0007");
      assert.deepEqual(await kept(), before);
      const again = ["project", "target/seed0007.png", "--name", "猫", ...quick, ...QUIET];
      assert.match((await runCli(again, folder)).stderr, /what is found now replaces it/);
    });

    await t.step("tuned, it is nearer, in every command; other images stay", async () => {
      const { w, tuned, "w+": plus } = await draw(
        ...["project", "target/seed0007.png", "--name", "tuned", "--steps", "30"],
        ...["--tune", "60", "--features", "none"],
      );
      assert.equal(plus, undefined); // the pivot is a single w
      assert.ok(tuned.psnr > w.psnr + 1, `${w.psnr} dB in w, ${tuned.psnr} tuned`);
      assert.ok(tuned.others > 20, `${tuned.others} dB between other images`);
      const shown = sharp(join(folder, run, "projected", "tuned.png"));
      const cellOf = (column: number) =>
        shown.clone().extract({ left: 128 * column, top: 0, width: 128, height: 128 }).raw()
          .toBuffer();
      const [pivot, best] = [await cellOf(1), await cellOf(2)];
      assert.notDeepEqual(best, pivot);
      const one = ["--scale", "16", "--labels", "red"];
      await draw("sample", "--seeds", "@tuned", "--grid", "tuned.png", ...one);
      assert.deepEqual(await pixels("tuned.png"), best);
      const columns = ["--columns", "3"];
      await draw("sample", "--seeds", "1,@tuned,2", "--grid", "beside.png", ...columns, ...one);
      await draw("sample", "--seeds", "1,3,2", "--grid", "without.png", ...columns, ...one);
      const at = (name: string, column: number, row = 0) =>
        sharp(join(folder, name))
          .extract({ left: 128 * column, top: 128 * row, width: 128, height: 128 }).raw()
          .toBuffer();
      assert.deepEqual(await at("beside.png", 1), best);
      for (const column of [0, 2]) {
        assert.deepEqual(await at("beside.png", column), await at("without.png", column));
      }
      await draw("mix", "--rows", "1", "--cols", "@tuned", "--out", "mixed.png", ...one);
      assert.deepEqual(await at("mixed.png", 1, 0), best);
      assert.deepEqual(await at("mixed.png", 0, 1), await at("without.png", 0));
      const walked = ["--frames", "2", "--size", "128", "--labels", "red", "--out", "tuned.gif"];
      await draw("walk", "--seeds", "@tuned", "--direction", "1:+2", ...walked);
      const middle = await sharp(join(folder, "tuned.gif"), { page: 1 }).removeAlpha().raw()
        .toBuffer();
      const apart = middle.reduce((sum, byte, i) => sum + Math.abs(byte - best[i]!), 0);
      assert.ok(apart / middle.length < 12, "half way, it stands still; a GIF has 256 colours");
    });

    await t.step("a program projects and draws it, too", async () => {
      using opened = await openRun({
        runs: join(folder, "runs"),
        backend: await selectBackend({ name: "cpu" }),
      });
      const bytes = await Deno.readFile(join(folder, "target", "seed0007.png"));
      const { files, "w+": plus } = await opened.project(bytes, {
        name: "program",
        features: "none",
        steps: 20,
      });
      assert.ok(plus!.psnr > 0 && files.every((file) => file.includes("program")));
      const { shape } = await opened.draw(["@program", 5]);
      assert.deepEqual(shape, [2, 8, 8, 3]);
      const mixed = async (options: MixStylesOptions) => {
        const path = join(folder, "layers.png");
        await opened.mix(path, { rows: ["@program"], columns: [5] }, { ...options, scale: 1 });
        return await pixels("layers.png");
      };
      const last = await mixed({ crossover: 3 });
      assert.deepEqual(await mixed({ layers: [false, false, false, true] }), last);
      assert.notDeepEqual(await mixed({ layers: [true, false, false, false] }), last);
      await assert.rejects(opened.project(new Uint8Array(9), { name: "x" }), /expected a picture/);
    });

    await t.step("of two searches for one name, the later takes another and says so", async () => {
      const logged: string[] = [];
      using opened = await openRun({
        runs: join(folder, "runs"),
        backend: await selectBackend({ name: "cpu" }),
        notices: { log: (text) => void logged.push(text), progress: () => {}, done: () => {} },
      });
      const kept = (name: string) => join(folder, run, "projected", `${name}.safetensors`);
      const { name, files } = await opened.project(await Deno.readFile(join(folder, "a.png")), {
        name: "meanwhile",
        features: "none",
        steps: 2,
        // as another command would
        onProgress: () => Deno.copyFileSync(kept("program"), kept("meanwhile")),
      });
      assert.equal(name, "meanwhile-2");
      assert.ok(files.every((file) => file.includes("meanwhile-2")), files.join());
      assert.deepEqual(
        await Deno.readFile(kept("meanwhile")),
        await Deno.readFile(kept("program")),
      );
      assert.match(logged.join("\n"), /another picture as @meanwhile .*: this one is @meanwhile-2/);
    });

    await t.step("what can't be is told", async () => {
      await Deno.writeTextFile(join(folder, "no.png"), "no picture");
      for (
        const [args, expected] of [
          [["project", "no.png", "--features", "none"], /expected a picture/],
          [["project", "none.png", "--features", "none"], /expected a picture/],
          [
            ["transfer", "@seed0007", "target/seed0007.png", "--features", "none"],
            /two pictures called seed0007/,
          ],
          [["project", "target/seed0007.png", "--name", "a b"], /expected a letter, then/],
          [["sample", "--seeds", "@seed0007", "--checkpoint", "8"], /Project it again/],
          [["walk", "--seeds", "@seed0007,1", "--grid", "2x1"], /expected one walk/],
          [["mix", "--rows", "@seed0007", "--cols", "1,2", "--crossover", "4"], /expected 1 … 3/],
        ] as const
      ) {
        const { code, stderr } = await runCli([...args, ...QUIET], folder);
        assert.equal(code, 2, stderr);
        assert.match(stderr, expected);
      }
    });
  }));
