/** `deno task train --config RUN/config.json`: a new run like an existing one. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli, runCli } from "./cli_process.ts";
import { trainTiny } from "./discs_run.ts";

Deno.test(
  "a run's config.json brings what the run is made of to a new one, flags win, and " +
    "--resume refuses it",
  () =>
    withFolder(async (folder) => {
      const configOf = async (id: string) =>
        JSON.parse(await Deno.readTextFile(join(folder, "runs", id, "config.json")));
      await trainTiny(folder, [
        ...[
          "--plugin",
          "stylegan",
          "--plugin",
          "diff-augment",
          "--preset",
          "paper",
          "--start-resolution",
          "4",
        ],
        ...["--fit", "contain", "--background", "#102030", "--grey", "--images", "4"],
      ]);
      const first = await configOf("00000-stylegan-discs");
      assert.deepEqual(
        [first.preset, first.data.channels, first.machine.backend],
        ["paper", 1, "cpu"],
      );
      const file = ["--config", "runs/00000-stylegan-discs/config.json", "--cache", "cache"];
      await expectCli(["train", ...file, "--json"], folder);
      assert.deepEqual(await configOf("00001-stylegan-discs"), first);

      await expectCli(["train", ...file, "--json", "--fit", "stretch", "--seed", "7"], folder);
      const changed = await configOf("00002-stylegan-discs");
      assert.deepEqual(changed.data, { ...first.data, fit: "stretch" });
      assert.deepEqual(changed.run, { ...first.run, seed: 7 });

      for (
        const [flag, instead] of [
          ["--preset=small", /--preset small\. Start a new run .*, or give the preset's options/],
          [
            "--config=other.json",
            /--config other\.json\. Start a new run .*, or give the file's options/,
          ],
          ["--name=mine", /--name mine\. Start a new run .*, or leave --name out/],
        ] as const
      ) {
        const refused = await runCli(["train", "--resume", "0", flag, "--cache", "cache"], folder);
        assert.equal(refused.code, 2, refused.stderr);
        assert.match(refused.stderr, instead);
      }

      const other = { ...first, data: { ...first.data, fit: "crop" } };
      await Deno.writeTextFile(join(folder, "other.json"), JSON.stringify(other));
      const { code, stderr } = await runCli(["train", "--config", "other.json"], folder);
      assert.equal(code, 2);
      assert.match(
        stderr,
        /Cannot use --config other\.json: expected a run's config\.json.*data\.fit/,
      );
    }),
);
