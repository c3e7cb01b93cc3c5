/** The Explore page's sliders along directions in w. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createEngine } from "../../cli/explorer/engine.ts";
import { createStatus } from "../../cli/terminal/status.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import { parseRequest } from "../../core/explore/protocol.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli } from "./cli_process.ts";
import { QUIET, trainTiny } from "./discs_run.ts";

Deno.test("Explore moves a seed or a projected picture along numbered and named directions", () =>
  withFolder(async (folder) => {
    await trainTiny(folder);
    const cli = (...args: string[]) => expectCli([...args, "--json", ...QUIET], folder);
    await cli("directions", "--save", "turn=2", "--layers", "fine");
    await cli("sample", "--seeds", "7", "--out", "target");
    await cli("project", "target/seed0007.png", "--steps", "5", "--features", "none");
    const grid = join(folder, "grid.png");
    await cli(
      ...["sample", "--seeds", "3", "--labels", "red", "--direction", "turn:2", "--grid", grid],
      ...["--scale", "1"],
    );
    const backend = await selectBackend({ name: "cpu" });
    const engine = createEngine({
      backend,
      runs: join(folder, "runs"),
      notices: createStatus(true),
      features: "none",
    });
    const id = "00000-stylegan-discs";
    const { steering } = await engine.open(id, 16);
    assert.deepEqual(steering, {
      directions: ["turn", "1", "2", "3", "4", "5", "6", "7", "8"], // w has 8 numbers
      pictures: ["seed0007"],
    });
    const drawn = (source: number | string, amounts: Record<string, number>, layers = "all") =>
      engine.generate(
        { run: id, imagesSeen: 16 },
        parseRequest({ kind: "steer", source, amounts, layers, truncation: 0.7, label: "red" }),
      ).then(({ png }) => png);
    assert.deepEqual(new Uint8Array(await drawn(3, { turn: 2 })), await Deno.readFile(grid));
    const [still, far, fine] = [
      await drawn(3, {}),
      await drawn(3, { 1: 3 }),
      await drawn(3, { 1: 3 }, "fine"),
    ];
    assert.notDeepEqual(far, still);
    assert.notDeepEqual(fine, far);
    assert.notDeepEqual(await drawn("@seed0007", {}), still);
    await assert.rejects(drawn(3, { trun: 1 }), /Did you mean "turn"/);

    const model = { run: id, imagesSeen: 16 };
    const way = { name: "way", amounts: { 1: 2, 3: -1.5 }, layers: "fine" } as const;
    assert.equal(await engine.keep(model, way), "way");
    assert.deepEqual((await engine.open(id, 16)).steering?.directions.slice(0, 2), ["turn", "way"]);
    assert.deepEqual(await drawn(3, { way: 1 }), await drawn(3, way.amounts, "fine"));
    await assert.rejects(engine.keep(model, way), /as way: .* has one of that name/);
    await assert.rejects(
      engine.keep(model, { name: "two", amounts: { turn: 1, 1: 1 }, layers: "coarse" }),
      /Cannot keep 1 and turn as one direction: expected directions of the same layers/,
    );

    const seeds = (cutoff?: number) =>
      engine.generate(
        { run: id, imagesSeen: 16 },
        parseRequest({
          kind: "seeds",
          seeds: [3],
          truncation: 0.2,
          label: "red",
          ...(cutoff === undefined ? {} : { cutoff }),
        }),
      ).then(({ png }) => new Uint8Array(png));
    const coarse = ["--trunc", "0.2", "--trunc-cutoff", "2", "--grid", grid, "--scale", "1"];
    await cli("sample", "--seeds", "3", "--labels", "red", ...coarse);
    assert.deepEqual(await seeds(2), await Deno.readFile(grid));
    assert.notDeepEqual(await seeds(), await seeds(2));

    const picture = (await Deno.readFile(join(folder, "target/seed0007.png"))).toBase64();
    const told = new Set<string>();
    const request = { name: "dropped", picture, tune: false };
    assert.equal(await engine.project(model, request, (what) => told.add(what)), "dropped");
    assert.deepEqual([...told], ["Searching", "Writing the pictures"]);
    const { steering: now } = await engine.open(id, 16);
    assert.deepEqual(now?.pictures, ["dropped", "seed0007"]);
    assert.notDeepEqual(await drawn("@dropped", {}), still);
    const again = () => engine.project(model, request, () => {});
    await assert.rejects(again, /Cannot keep the picture as @dropped: .* has one of that name/);
  }));
