/**
 * `train --minutes`: how the command line handles a budget, with steps that are actually measured.
 */
import assert from "node:assert/strict";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli, runCli } from "./cli_process.ts";
import { trainTiny, writeDiscs } from "./discs_run.ts";

const TINY = [
  ...["--data", "discs", "--cache", "cache", "--held-out", "0.2", "--backend", "cpu"],
  ...["--resolution", "8", "--latent-size", "8", "--mapping-layers", "1", "--preview-count", "4"],
  ...["--channel-base", "16", "--channel-max", "4", "--channel-min", "2"],
];

Deno.test("a dry run of a budget prints the plan that fills it, and makes no run", () =>
  withFolder(async (folder) => {
    await writeDiscs(`${folder}/discs`, 20);
    const stdout = await expectCli(
      ["train", ...TINY, "--hours", "0.5", "--dry-run", "--json"],
      folder,
    );
    const { plan, phases } = JSON.parse(stdout);
    assert.deepEqual([plan.minutes, plan.from, plan.rule.resolution], [30, 0, 8]);
    const lengths = phases.map(({ phase }: { phase: { start: number; end: number } }) =>
      phase.end - phase.start
    );
    assert.ok(lengths.every((images: number) => images > 0), `${lengths}`);
    const names = [];
    for await (const { name } of Deno.readDir(folder)) names.push(name);
    assert.ok(!names.includes("runs"), `${names}`);
  }));

Deno.test(
  "a budget beside another end, and of a run that none planned, is refused with what " +
    "to do",
  () =>
    withFolder(async (folder) => {
      for (
        const [args, expected] of [
          [["--minutes", "5", "--hours", "1"], /--minutes 5 with --hours 1: expected one budget/],
          [["--minutes", "5", "--images", "2k"], /--images 2000 beside --minutes 5/],
          [["--minutes", "0"], /--minutes .* above 0, received 0/],
          [["--stop-after", "60"], /--stop-after .* expected a time such as 90s, 60m/],
        ] as const
      ) {
        const { code, stderr } = await runCli(["train", ...args], folder);
        assert.equal(code, 2, stderr);
        assert.match(stderr, expected);
      }
      await Deno.writeTextFile(`${folder}/mine.json`, '{"minutes": 60}');
      const { code, stderr } = await runCli(["train", "--config", "mine.json"], folder);
      assert.equal(code, 2, stderr);
      assert.match(
        stderr,
        /"minutes" of mine\.json: expected .*"stopAfter".*--minutes on the command line/,
      );
      await trainTiny(folder);
      const again = await runCli(
        ["train", "--resume", "--minutes", "5", "--cache", "cache"],
        folder,
      );
      assert.equal(again.code, 2, again.stderr);
      assert.match(again.stderr, /--stop-after 5m stops this session .*--force plans the rest/);
    }),
);
