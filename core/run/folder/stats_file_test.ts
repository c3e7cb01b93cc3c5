import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { filterLines, LineFile } from "./line_file.ts";
import { readStats, STATS_NAME, StatsFile } from "./stats_file.ts";

const point = (imagesSeen: number, loss: number) => ({
  imagesSeen,
  time: imagesSeen,
  values: { loss },
});

Deno.test("StatsFile appends points, and drops those beyond a checkpoint on resume", () =>
  withFolder(async (folder) => {
    assert.deepEqual(await readStats(folder), []);
    const stats = await StatsFile.open(folder, 100); // nothing to drop yet
    await Promise.all([stats.append(point(8, 1), point(16, NaN)), stats.append(point(24, -3))]);
    await stats.sync();
    stats.close();
    assert.deepEqual(await readStats(folder), [point(8, 1), point(16, NaN), point(24, -3)]);
    const resumed = await StatsFile.open(folder, 16);
    await resumed.append(point(32, 4));
    resumed.close();
    assert.deepEqual(await readStats(folder), [point(8, 1), point(16, NaN), point(32, 4)]);
    assert.equal(
      (await Deno.readTextFile(join(folder, STATS_NAME))).split("\n")[0],
      `{"imagesSeen":8,"time":8,"loss":1}`,
    );
    assert.deepEqual([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("StatsFile keeps a point's own fields whatever its values are called", () =>
  withFolder(async (folder) => {
    const stats = await StatsFile.open(folder);
    await stats.append({ imagesSeen: 8, time: 9, values: { time: 1, imagesSeen: 2, loss: 3 } });
    stats.close();
    assert.deepEqual(await readStats(folder), [{ imagesSeen: 8, time: 9, values: { loss: 3 } }]);
  }));

Deno.test("StatsFile goes on after a line that a crash tore", () =>
  withFolder(async (folder) => {
    const path = join(folder, STATS_NAME);
    const whole = `{"imagesSeen":8,"time":8,"loss":1}\n`;
    for (const torn of ["", "{", `{"imagesSeen":16,`, "x".repeat(10_000), "é".repeat(5000)]) {
      await Deno.writeTextFile(path, whole + torn);
      const stats = await StatsFile.open(folder);
      await stats.append(point(24, 2));
      stats.close();
      assert.deepEqual(await readStats(folder), [point(8, 1), point(24, 2)]);
    }
    await Deno.writeTextFile(path, "torn from the start");
    (await StatsFile.open(folder)).close();
    assert.equal(await Deno.readTextFile(path), "");
  }));

Deno.test(
  "LineFile keeps one line an entry, and an error of one append does not stop the " +
    "next",
  () =>
    withFolder(async (folder) => {
      const path = join(folder, "log.txt");
      const log = await LineFile.open(path);
      await log.append("one\ntwo\r\nthree", "four");
      await log.append();
      log.close();
      assert.equal(await Deno.readTextFile(path), "one two three\nfour\n");
      await assert.rejects(log.append("late"));
      assert.equal(await filterLines(path, (line) => line === "four"), 1);
      assert.equal(await Deno.readTextFile(path), "four\n");
      assert.equal(await filterLines(join(folder, "none"), () => false), 0);
    }),
);
