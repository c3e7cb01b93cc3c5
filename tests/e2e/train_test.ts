import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { openRunStore, readStats } from "../../core/run/mod.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { runCli } from "../cli/cli_process.ts";
import { writeDiscs } from "../cli/discs_run.ts";

/** Runs a command in the repository, as a user would. */
const cambium = (args: string[]) => runCli(args, fileURLToPath(new URL("../../", import.meta.url)));

/** Options of a StyleGAN so small that it trains in seconds. */
const TINY = [
  "--plugin=stylegan",
  "--resolution=8",
  "--sched=4:8::0:64,8:8::64:64",
  "--channel-base=64",
  "--channel-max=8",
  "--channel-min=8",
  "--latent-size=8",
  "--mapping-layers=2",
  "--preview-count=4",
  "--sample-every=64",
  "--checkpoint-every=64",
  "--stats-every=32",
  "--threads=2", // batches are computed in two shards
];

async function names(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) found.push(name);
  return found.sort();
}

Deno.test("a run grows, leaves everything that is promised, and resumes to the same bits", () =>
  withFolder(async (folder) => {
    const data = join(folder, "pictures"), runs = join(folder, "runs");
    await writeDiscs(data, 24);
    await Deno.writeTextFile(join(data, "red", "broken.png"), "no picture");
    const common = [`--data=${data}`, `--runs=${runs}`, `--cache=${join(folder, "cache")}`];
    const train = (...more: string[]) => cambium(["train", ...TINY, ...common, ...more]);

    const whole = await train();
    assert.equal(whole.code, 0, whole.stderr + whole.stdout);
    assert.match(whole.stderr, /1 file is skipped, .*broken\.png/);
    const hint = `data inspect ${data} --resolution 8 --cache ${join(folder, "cache")} --all`;
    assert.ok(whole.stderr.includes(`All: deno task ${hint}\n`), whole.stderr);
    assert.match((await cambium(hint.split(" "))).stdout, /red\/broken\.png: /);
    assert.match(whole.stdout, /8 px fade, 64 images, batch 8/);
    assert.match(whole.stdout, /Finished at 192 images: the schedule is over/);

    const run = join(runs, "00000-stylegan-pictures");
    const left = await names(run);
    for (
      const name of [
        "config.json",
        "stats.jsonl",
        "log.txt",
        "reals.png",
        "samples",
        "checkpoints",
        "progress.webp",
      ]
    ) {
      assert.ok(left.includes(name), `${name} among ${left}`);
    }
    assert.ok(left.some((name) => /^events\.out\.tfevents\.\d+\.cambium$/.test(name)));
    assert.deepEqual(await names(join(run, "samples")), [
      "000000064-0004px-stabilize.png",
      "000000128-0008px-fade.png",
      "000000192-0008px-stabilize.png",
    ]);
    const grid = await sharp(join(run, "samples", "000000192-0008px-stabilize.png")).metadata();
    assert.deepEqual([grid.width, grid.height], [64, 64]); // 2 × 2 cells of 8 px, enlarged to 32
    const progress = await sharp(join(run, "progress.webp"), { animated: true }).metadata();
    assert.equal(progress.pages, 3);
    const stats = await readStats(run);
    assert.deepEqual(stats.filter((p) => "alpha" in p.values).map((p) => p.imagesSeen), [
      32,
      64,
      96,
      128,
      160,
      192,
    ]);
    for (
      const name of ["loss/generator", "loss/discriminator", "score/real", "term/adversarial_d"]
    ) {
      assert.ok(Number.isFinite(stats[0]!.values[name]), name);
    }

    const store = await openRunStore(join(runs, "cambium.kv"));
    const head = await store.head("00000-stylegan-pictures");
    assert.deepEqual([head?.status, head?.imagesSeen, head?.resolution], ["finished", 192, 8]);
    assert.equal((await store.samples(head!.id)).length, 3);
    assert.equal((await store.checkpoints(head!.id)).length, 3);
    const series = await store.readSeries(head!.id);
    assert.equal(series.values["loss/generator"]?.length, series.imagesSeen.length);
    store.close();

    // The same run in two sessions, the second of which starts within an interval and a fade.
    const first = await train("--images=104", "--json");
    assert.equal(JSON.parse(first.stdout).imagesSeen, 104, first.stderr);
    const resume = ["train", "--resume=1", "--images=0", "--json", ...common.slice(1)];
    const second = await cambium(resume);
    assert.equal(second.code, 0, second.stderr);
    const { digest } = JSON.parse(second.stdout);
    assert.ok(whole.stdout.includes(digest.slice(0, 12)), `${digest} in ${whole.stdout}`);
    const again = await readStats(join(runs, "00001-stylegan-pictures"));
    const loss = (points: typeof stats) => points.flatMap((p) => p.values["loss/generator"] ?? []);
    assert.deepEqual(loss(again), loss(stats));
  }));

Deno.test("--dry-run prints the plan and makes no run", () =>
  withFolder(async (folder) => {
    await writeDiscs(join(folder, "pictures"), 24);
    const { code, stdout, stderr } = await cambium([
      "train",
      ...TINY,
      `--data=${join(folder, "pictures")}`,
      `--runs=${join(folder, "runs")}`,
      `--cache=${join(folder, "cache")}`,
      "--dry-run",
      "--json",
    ]);
    assert.equal(code, 0, stderr);
    const plan = JSON.parse(stdout);
    assert.deepEqual(
      plan.phases.map((p: { phase: { resolution: number; kind: string } }) => [
        p.phase.resolution,
        p.phase.kind,
      ]),
      [[4, "stabilize"], [8, "fade"], [8, "stabilize"]],
    );
    for (const { imagesPerSecond, memoryBytes, parameters } of plan.phases) {
      assert.ok(imagesPerSecond > 0 && memoryBytes > 1e7 && parameters.generator > 100);
    }
    assert.deepEqual((await names(folder)).includes("runs"), false);
  }));

/** Invalid calls, and what their messages must say. */
const WRONG: [string[], RegExp][] = [
  [["--plugin=stylgan"], /Did you mean "stylegan"\?/],
  [["--plugin=./nowhere.ts"], /Cannot load plugin ".*\/nowhere\.ts"/],
  [["--preset=smal"], /Cannot use --preset smal: expected one of small/],
  [["--mixng", "0.5"], /unknown option '--mixng'\s+\(Did you mean --mixing\?\)/],
  [["--mixing=2"], /--mixing of the command line: expected a number 0 … 1, received 2/],
  [["--batch=many"], /Expected a number such as/],
  [["--loss=hing"], /Allowed choices are .*hinge/],
  [["--resolution=48"], /power of two, received 48/],
  [["--sched=64"], /Cannot read --sched/],
  [["--sched=128:8"], /Cannot use --sched 128:8: expected a resolution of the run, 4 to 64/],
  [["--config=nowhere.json"], /Cannot read --config nowhere\.json/],
  [["--resume=77"], /Cannot find a run/],
];

for (const [args, message] of WRONG) {
  Deno.test(`train ${args.join(" ")} says what is wrong, with exit code 2`, () =>
    withFolder(async (folder) => {
      const { code, stderr } = await cambium(["train", `--runs=${folder}`, ...args]);
      assert.match(stderr, message);
      assert.equal(code, 2, stderr);
      assert.ok(!stderr.includes("    at "), "no stack trace");
    }));
}

Deno.test("train says what is wrong with the data", () =>
  withFolder(async (folder) => {
    const empty = join(folder, "empty"), few = join(folder, "few");
    await Deno.mkdir(empty);
    await writeDiscs(few, 3);
    const attempt = async (data: string) => {
      const args = ["train", ...TINY, `--data=${data}`, `--runs=${folder}/runs`];
      return await cambium([...args, `--cache=${join(folder, "cache")}`]);
    };
    const expected: [data: string, code: number, message: RegExp][] = [
      [empty, 1, /Cannot use .*empty: expected images, received none\. The source is empty/],
      [
        join(folder, "nowhere"),
        2,
        /Cannot find the data at .*nowhere: expected a folder or a \.zip/,
      ],
      [
        few,
        2,
        /Cannot fill a batch at 4 px: expected at least 8 images to train on, received \d\. /,
      ],
    ];
    for (const [data, code, message] of expected) {
      const received = await attempt(data);
      assert.match(received.stderr, message);
      assert.equal(received.code, code, received.stderr);
    }
  }));
