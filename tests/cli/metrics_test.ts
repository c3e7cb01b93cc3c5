/** SWD during a run, and of a completed run. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openRunStore, readStats } from "../../core/run/mod.ts";
import { inProcess, newRun, resume, withTinyData } from "../faults/tiny_run.ts";

Deno.test(
  "--metrics-every measures SWD beside its floor into the curves, and metrics tells " +
    "what it compared",
  () =>
    withTinyData(async (folder) => {
      const kv = join(folder, "state.kv");
      const ended = await inProcess(
        newRun({
          folder,
          more: ["--metrics-every", "48", "--metrics-images", "64", "--kv", kv, "--no-flip"],
        }),
      );
      assert.equal(ended.code, 0, ended.err);
      const run = join(folder, "runs", "00000-tiny-data");
      const points = (await readStats(run)).filter(({ values }) => "metric/swd" in values);
      assert.deepEqual(points.map(({ imagesSeen }) => imagesSeen), [48, 96]);
      for (const { values } of points) {
        // the model draws noise
        assert.ok(values["metric/swd"]! > values["metric/swd_floor"]!, JSON.stringify(values));
      }
      const store = await openRunStore(kv);
      const { imagesSeen, values } = await store.readSeries("00000-tiny-data");
      store.close();
      // points that were measured
      const charted = [...imagesSeen].filter((_, i) => Number.isFinite(values["metric/swd"]![i]));
      assert.deepEqual(charted, [48, 96]);
      assert.match(ended.out, /96 +metric\/swd [\d.]+ +metric\/swd_floor [\d.]+/);

      const places = ["--runs", join(folder, "runs"), "--cache", join(folder, "cache")];
      const measured = await inProcess([
        "metrics",
        "--run",
        "0",
        "--images",
        "300",
        "--json",
        "--backend",
        "wasm",
        ...places,
      ]);
      assert.equal(measured.code, 0, measured.err);
      const { images, reals, compared, swd, swdFloor, msSsim } = JSON.parse(
        measured.out.trim().split("\n").at(-1)!, // split() returns at least one element
      );
      assert.deepEqual([images, reals], [5, 10]); // halves of the 11 that are not held out
      assert.match(
        compared,
        /^5 images a set, not 300: the train data has 11, .* over its two halves.*of 300 samples and of 10 reals$/,
      );
      assert.deepEqual(swd.levels.map((level: { resolution: number }) => level.resolution), [8]);
      assert.ok(swd.average > swdFloor.average);
      assert.deepEqual([msSsim.pairs, msSsim.realPairs], [150, 5]);

      const data = join(folder, "data"),
        of = (...more: string[]) =>
          inProcess(["metrics", "--run", "0", "--backend", "wasm", ...places, ...more]);
      const given = await of("--samples", data, "--json");
      assert.equal(given.code, 0, given.err);
      const figures = JSON.parse(given.out.trim().split("\n").at(-1)!); // at least one line
      assert.deepEqual(figures.samples, { folder: data, count: 12 });
      assert.equal("weights" in figures, false);
      assert.ok(figures.swd.average < swd.average); // the data itself, compared with noise
      const both = await of("--samples", data, "--weights", "live");
      assert.equal(both.code, 2);
      assert.match(both.err, /--weights live with --samples .*Leave one out/);
      const single = await of("--images", "1");
      assert.equal(single.code, 2);
      assert.match(single.err, /Cannot measure --images 1: expected at least 2/);
      const told = await of("--samples", data);
      assert.match(told.out, /data: 12 pictures, beside the data of 00000-tiny-data, 8 px/);
      assert.doesNotMatch(told.out, /mirrored/);
    }),
);

Deno.test("a measurement and a grid at a phase's last image are of that phase's networks", () =>
  withTinyData(async (folder) => {
    const more = ["--metrics-every", "32", "--sample-every", "32", "--images", "64"];
    const ended = await inProcess(newRun({ folder, more }));
    assert.equal(ended.code, 0, ended.err);
    assert.doesNotMatch(ended.out + ended.err, /without this measurement/);
    const run = join(folder, "runs", "00000-tiny-data");
    const points = (await readStats(run)).filter(({ values }) => "metric/swd" in values);
    assert.deepEqual(points.map(({ imagesSeen }) => imagesSeen), [32, 64]);
    const grids = await Array.fromAsync(Deno.readDir(join(run, "samples")), ({ name }) => name);
    assert.deepEqual(grids.sort(), ["000000032-0004px-stabilize.png", "000000064-0008px-fade.png"]);
  }));

Deno.test("a run whose data was moved is measured where --data says, and is told of it", () =>
  withTinyData(async (folder) => {
    const { code, err } = await inProcess(newRun({ folder, more: ["--images", "16"] }));
    assert.equal(code, 0, err);
    const moved = join(folder, "moved");
    await Deno.rename(join(folder, "data"), moved);
    const metrics = (...more: string[]) =>
      inProcess([
        ...["metrics", "--run", "0", "--images", "4", "--json", "--backend", "wasm"],
        ...["--runs", join(folder, "runs"), "--cache", join(folder, "cache"), ...more],
      ]);
    for (const lost of [await metrics(), await inProcess(resume({ folder }))]) {
      assert.equal(lost.code, 2, lost.err);
      assert.match(lost.err, /Cannot find the data at .*data: .* say where it is now: --data$/m);
    }
    const measured = await metrics("--data", moved);
    assert.equal(measured.code, 0, measured.err);
    assert.doesNotMatch(measured.err, /has changed/);
    // at least one line
    const { compared, flip } = JSON.parse(measured.out.trim().split("\n").at(-1)!);
    assert.match(compared, /for the floor, half of them mirrored as in training$/);
    assert.equal(flip, true);
    await Deno.remove(join(moved, "0.png"));
    const other = await metrics("--data", moved);
    assert.equal(other.code, 2, other.err);
    assert.match(other.err, /--data .*moved: expected the data that it learned from/);
  }));

Deno.test(
  "--metrics-every is refused before a run of a model that draws from more than " +
    "latents",
  () =>
    withTinyData(async (folder) => {
      const { code, err } = await inProcess([
        ...["train", "--plugin", "progan-sr", "--perceptual", "none", "--resolution", "8"],
        ...["--data", join(folder, "data"), "--runs", join(folder, "runs"), "--backend", "wasm"],
        ...["--cache", join(folder, "cache"), "--batch", "2", "--metrics-every", "40"],
      ]);
      assert.equal(code, 2, err);
      assert.match(err, /--metrics-every 40: Cannot measure: expected a model that draws images/);
      await assert.rejects(Deno.stat(join(folder, "runs")), Deno.errors.NotFound);
    }),
);
