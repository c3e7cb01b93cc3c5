import assert from "node:assert/strict";
import { join } from "node:path";
import type { ConfigOf, Dataset, OpenedRun } from "../../core/mod.ts";
import { commandContext, withFolder } from "../../core/testing/mod.ts";
import { compareCommand, linesOf } from "./compare_command.ts";
import type { ProganSrModel } from "./model.ts";

Deno.test("compare refuses options that it can't use before it opens a run", async () => {
  const compare = async (options: Partial<ConfigOf<typeof compareCommand.options>>) =>
    await compareCommand.run(commandContext(compareCommand, {
      options,
      openRun: () => Promise.reject(new Error("a run was opened")),
    }));
  await assert.rejects(() => compare({ count: 0 }), /--count .* at least 1, received 0/);
  await assert.rejects(() => compare({ rows: 0 }), /--rows .* at least 1, received 0/);
  await assert.rejects(() => compare({ from: -1 }), /--from .* at least 0, received -1/);
  await assert.rejects(() => compare({ resolution: 0.5 }), /--resolution .* whole number/);
  await assert.rejects(() => compare({ picture: "a.jpg" }), /--picture a\.jpg: .* in \.png$/);
  await assert.rejects(() => compare({ picture: "core" }), /--picture core: .* in \.png$/);
  await assert.rejects(() => compare({ picture: "deno.json/a.png" }), /received a file at .*json/);
  await assert.rejects(() => compare({ degrade: "jpeg:0" }), /--degrade jpeg:0: .* 1 to 100/);
  await assert.rejects(() => compare({ seed: -1 }), /--seed .* 0 … 4294967295, received -1/);
  await assert.rejects(() => compare({ seed: 2 ** 32 }), /--seed .* received 4294967296/);
  await assert.rejects(() => compare({ degrade: "jpeg:50" }), /a run was opened/);
  await assert.rejects(() => compare({ picture: "a.png" }), /a run was opened/);
  await assert.rejects(() => compare({ count: 1, from: 0 }), /a run was opened/);
});

Deno.test("compare refuses a picture that can't be drawn, or would join the data, before it measures", () =>
  withFolder(async (source) => {
    const compare = async (options: Partial<ConfigOf<typeof compareCommand.options>>) =>
      await compareCommand.run(commandContext(compareCommand, {
        options,
        openRun: () =>
          Promise.resolve({ plugin: "measured", dispose() {} } as OpenedRun<ProganSrModel>),
        openDataset: () =>
          Promise.resolve({ info: { source, heldOutCount: 5 }, close() {} } as Dataset),
      }));
    const data = /--picture .*: expected a file outside of the data in /;
    await assert.rejects(() => compare({ picture: join(source, "a.png") }), data);
    await assert.rejects(() => compare({ picture: join(source, "b", "..", "a.png") }), data);
    const picture = join(source, "..", "a.png");
    const first = /--from 5: expected at most 4, for there are 5 held-out images/;
    await assert.rejects(() => compare({ picture, from: 5 }), first);
    // passes the checks and fails at the missing run
    await assert.rejects(() => compare({ picture, from: 4 }), TypeError);
    await assert.rejects(() => compare({ from: 5 }), TypeError); // no picture is drawn
  }));

Deno.test("figures stand below their names, however long those of methods are", () => {
  const rows: [string, number, number | null][] = [
    ["bicubic, Y alone", 33.66, null],
    ["ours", 7, 0.25],
  ];
  assert.deepEqual(linesOf({ title: "a set", columns: ["method", "PSNR Y dB", "E"], rows }), [
    "a set",
    "          method  PSNR Y dB       E",
    "bicubic, Y alone    33.6600       –",
    "            ours     7.0000  0.2500",
  ]);
});
