import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { type OpenedRun, type PluginCommandContext, selectBackend, tf } from "../../../core/mod.ts";
import { testBatch, testSession } from "../test_run.ts";
import { completeCommand } from "./command.ts";
import { cleanInk, completeSketch } from "./complete_sketch.ts";
import { readSketch } from "./read_sketch.ts";
import { parseDrawing, strokeSvg } from "./stroke_svg.ts";
import { meanLineWidth, thickenLines } from "./thicken_lines.ts";

const backend = await selectBackend({ name: "cpu" });

/** A temporary folder, removed after `fn`. */
async function inFolder(fn: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await fn(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A run whose session stands at 4 px. */
function openedRun(plugin = "sketch"): OpenedRun {
  const session = testSession(backend);
  return {
    id: "1-test",
    folder: "runs/1-test",
    plugin,
    context: session.members[0]!.context, // the session's only plugin
    model: session.model,
    backend,
    runConfig: session.run,
    withAverage: (fn) => session.average!.withAverage(fn), // the run averages
    dispose: () => session.dispose(),
  };
}

function commandContext(
  args: string[],
  options: Record<string, string>,
  run = () => openedRun(),
): PluginCommandContext & { lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    args,
    options,
    openRun: () => Promise.resolve(run()),
    openDataset: () => Promise.reject(new Error("not used")),
    print: (line) => void lines.push(line),
    progress: () => {},
    signal: new AbortController().signal,
  };
}

const DRAWING = '{"drawing":[[[0,255],[0,0]],[[0,0],[0,255],[7,7]]]}';

Deno.test("complete writes each part, each merge and a grid, the same for the same seed", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.ndjson");
    await Deno.writeTextFile(path, "\nnot json\n" + DRAWING + "\n");
    const before = tf.memory().numTensors;
    for (const out of ["one", "two"]) {
      await completeCommand.run(
        commandContext([path], { count: "2", part: "left", seed: "3", out: join(folder, out) }),
      );
    }
    assert.equal(tf.memory().numTensors, before, "tensors were left behind");
    const names = [...Deno.readDirSync(join(folder, "one"))].map(({ name }) => name).sort();
    assert.deepEqual(names, [
      "grid.png",
      "merged_1.png",
      "merged_2.png",
      "part_1.png",
      "part_2.png",
    ]);
    for (const name of names) {
      assert.deepEqual(
        await Deno.readFile(join(folder, "one", name)),
        await Deno.readFile(join(folder, "two", name)),
      );
    }
    assert.notDeepEqual(
      await Deno.readFile(join(folder, "one", "part_1.png")),
      await Deno.readFile(join(folder, "one", "part_2.png")),
    );
  });
});

Deno.test("complete names the files that it wrote, and says that a file has more drawings than one", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.ndjson"), out = join(folder, "out");
    const tell = async (text: string, options: Record<string, string>) => {
      await Deno.writeTextFile(path, text);
      const context = commandContext([path], { out, ...options });
      await completeCommand.run(context);
      return context.lines;
    };
    const many = await tell(`${DRAWING}\n{}\n${DRAWING}\n${DRAWING}\n`, { count: "2", steps: "2" });
    assert.deepEqual(many[0], `${path} has 3 drawings: the first is completed`);
    const part = /grid\.png, (\S+) …, merged_1\.png …$/.exec(many[1]!)?.[1] ?? "none";
    assert.match(many[1]!, /^2 candidates /);
    assert.ok((await Deno.stat(join(out, part))).isFile, part);
    const one = await tell(DRAWING, { count: "1" });
    assert.equal(one.length, 1);
    assert.match(one[0]!, /^1 candidate .* part_1\.png …/);
  });
});

Deno.test("complete refuses a wrong number, class, file or run, and says what it expected", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.ndjson"), out = join(folder, "out");
    await Deno.writeTextFile(path, DRAWING);
    await Deno.writeTextFile(join(folder, "bad.ndjson"), '{"drawing":[[[1,2],[1]]]}\n');
    await Deno.writeTextFile(join(folder, "bad.svg"), "<html></html>");
    await Deno.writeTextFile(join(folder, "bad.png"), "no picture");
    await Deno.writeTextFile(join(folder, "a.txt"), "");
    await sharp({ create: { width: 9, height: 9, channels: 3, background: "#fff" } }).png()
      .toFile(join(folder, "blank.png"));
    const fails = (args: string[], options: Record<string, string>, message: RegExp) =>
      assert.rejects(completeCommand.run(commandContext(args, { out, ...options })), { message });
    await fails([], {}, /expected one sketch, received 0/);
    await fails([path], { count: "0" }, /--count to be a whole number 1 … 1000, received "0"/);
    await fails([path], { seed: "x" }, /--seed/);
    await fails([path], { out: path }, /--out .*a\.ndjson: expected a folder, received a file/);
    await fails([path], { part: "eye" }, /Cannot draw --part eye: expected one of top, left/);
    await fails([join(folder, "bad.ndjson")], {}, /expected a ndjson file that can be read/);
    await fails([join(folder, "bad.svg")], {}, /expected a svg file that can be read/);
    await fails([join(folder, "bad.png")], {}, /expected a png file that can be read/);
    await fails(
      [join(folder, "a.txt")],
      {},
      /expected a file ending in .ndjson, .svg, .*received ".txt"/,
    );
    await fails([join(folder, "none.svg")], {}, /expected a file that can be read/);
    await fails(
      [join(folder, "blank.png")],
      {},
      /expected a sketch with lines, received a blank one/,
    );
    await assert.rejects(
      completeCommand.run(commandContext([path], { out }, () => openedRun("stylegan"))),
      /expected a run of plugin "sketch", received one of "stylegan"/,
    );
    assert.equal(await Deno.stat(out).catch(() => undefined), undefined);
  });
});

Deno.test("a candidate depends on seed and index; steps take the given parts, then predicted ones", () => {
  const session = testSession(backend, {}, ["a", "b", "c"]);
  const partial = (testBatch(4).partial!.data as Float32Array).slice(0, 16);
  const draw = (index: number, steps: number, parts: string[] = []) =>
    completeSketch(session.model, partial, {
      resolution: 4,
      alpha: 1,
      steps,
      parts,
      seed: 1,
      index,
    });
  const one = draw(0, 1);
  assert.deepEqual(draw(0, 1), one);
  assert.notDeepEqual(draw(1, 1).merged, one.merged);
  assert.deepEqual(
    [...one.merged],
    [...partial].map((x, i) => Math.max(x, one.steps[0]!.part[i]!)),
  );
  const many = draw(0, 9, ["c", "a"]);
  const names = many.steps.map(({ name }) => name);
  assert.deepEqual(names, ["c", "a", "b"].slice(0, names.length)); // what is left is b
  assert.ok(names.length >= 1 && names.length <= 3);
  many.steps.forEach(({ merged }, i) => {
    const before = many.steps[i - 1]?.merged ?? partial;
    assert.ok(merged.every((x, j) => x >= before[j]!));
  });
  session.dispose();
});

Deno.test("strokes keep their place in 0 … 255, others are fitted with the same margin", () => {
  const points = (text: string) =>
    [...text.matchAll(/points="([^"]+)"/g)].map(([, p]) =>
      p!.split(" ").map((xy) => xy.split(",").map(Number))
    );
  const svg = (line: string) =>
    points(strokeSvg(parseDrawing(line), { side: 100, lineWidth: 0.05 }));
  assert.deepEqual(svg('{"drawing":[[[0,255],[0,255]]]}'), [[[10, 10], [90, 90]]]);
  assert.deepEqual(svg('{"drawing":[[[1000,1400],[0,200]]]}'), [[[10, 30], [90, 70]]]);
  assert.deepEqual(svg('{"drawing":[[[0],[255]]]}'), [[[10, 90], [10, 90]]]);
});

Deno.test("ndjson, SVG and PNG of one line become nearly the same raster, ink 1 on paper -1", async () => {
  await inFolder(async (folder) => {
    // Along the middle of row 15 of 32, y = 15.5 / 32, thick and thin, dark on light and light on dark.
    const line = (stroke: string, width: number) =>
      `<path d="M2.4 11.625H21.6" stroke="${stroke}" stroke-width="${width}" fill="none" stroke-linecap="round"/>`;
    await Deno.writeTextFile(join(folder, "a.ndjson"), '{"drawing":[[[0,255],[122.52,122.52]]]}');
    await Deno.writeTextFile(
      join(folder, "a.svg"),
      `<svg viewBox="0 0 24 24">${line("currentColor", 2)}</svg>`,
    );
    const picture = (paper: string, stroke: string) =>
      new TextEncoder().encode(
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="300" height="300">` +
          `<rect width="24" height="24" fill="${paper}"/>${line(stroke, 0.2)}</svg>`,
      );
    await sharp(picture("#fff", "#000")).png().toFile(join(folder, "thin.png"));
    await sharp(picture("#000", "#fff")).png().toFile(join(folder, "light.png"));
    const side = 32;
    for (const name of ["a.ndjson", "a.svg", "thin.png", "light.png"]) {
      const raster = await readSketch(join(folder, name), { resolution: side });
      assert.equal(raster.length, side * side);
      const inner = (row: number) => [...raster.slice(row * side + 6, row * side + 26)];
      for (const value of inner(15)) assert.ok(value > 0.7, `${name}: ${value}`);
      for (const row of [0, 13, 17, 31]) {
        assert.ok(inner(row).every((value) => value < -0.95), `${name}, row ${row}`);
      }
    }
  });
});

Deno.test("an SVG may quote its size in single quotes", async () => {
  await inFolder(async (folder) => {
    const path = `<path d="M2 12H22" stroke="#000"/></svg>`,
      at = (name: string) => join(folder, name);
    await Deno.writeTextFile(at("double.svg"), `<svg viewBox="0 0 24 24" width="9">${path}`);
    await Deno.writeTextFile(at("box.svg"), `<svg viewBox='0 0 24 24' width = '9'>${path}`);
    await Deno.writeTextFile(at("size.svg"), `<svg width='24px' height='24'>${path}`);
    const wanted = await readSketch(at("double.svg"), { resolution: 32 });
    for (const name of ["box.svg", "size.svg"]) {
      assert.deepEqual(await readSketch(at(name), { resolution: 32 }), wanted, name);
    }
  });
});

Deno.test("light lines on dark are turned round in pictures that aren't square, and paper is beside them", async () => {
  await inFolder(async (folder) => {
    const side = 32;
    for (const [width, height] of [[320, 180], [320, 160], [160, 320]] as const) {
      const path = join(folder, `${width}x${height}.png`);
      const [x, y] = [width / 2, height / 2];
      const picture =
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
        `<rect width="100%" height="100%" fill="#111"/>` +
        `<path d="M${x - 60} ${y}H${x + 60}" stroke="#eee" stroke-width="20"/></svg>`;
      await sharp(new TextEncoder().encode(picture)).png().toFile(path);
      const raster = await readSketch(path, { resolution: side });
      const at = (column: number, row: number) => raster[row * side + column]!;
      assert.ok(at(15, 15) > 0.5, `${path}: the line is ${at(15, 15)}`);
      for (const [column, row] of [[0, 0], [15, 1], [1, 15], [15, 10], [31, 31]] as const) {
        assert.ok(at(column, row) < -0.8, `${path}: the paper is ${at(column, row)}`);
      }
    }
  });
});

Deno.test("a photo is read as its orientation says", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "turned.jpg"), side = 32;
    const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">` +
      `<rect width="100%" height="100%" fill="#fff"/>` +
      `<path d="M20 20H180" stroke="#000" stroke-width="12"/></svg>`;
    await sharp(new TextEncoder().encode(picture)).withMetadata({ orientation: 6 }).jpeg()
      .toFile(path);
    // 6 is turned clockwise: 100 × 200, the line of y = 20 stands at x = 80, and 50 of paper is on each side.
    const raster = await readSketch(path, { resolution: side });
    const column = Math.floor((50 + 80) / 200 * side);
    for (const row of [6, 15, 25]) assert.ok(raster[row * side + column]! > 0.5, `row ${row}`);
    for (const other of [3, 10, 15, 25]) assert.ok(raster[15 * side + other]! < -0.9);
  });
});

Deno.test("thickenLines() widens thin lines to the wished width and leaves wide ones", () => {
  const side = 64;
  const bar = (from: number, to: number) =>
    Float32Array.from({ length: side * side }, (_, i) => {
      const y = Math.floor(i / side), x = i % side;
      return y >= from && y < to && x >= 2 && x < 62 ? 1 : 0;
    });
  assert.ok(Math.abs(meanLineWidth({ ink: bar(30, 34), side }) - 2 * 240 / 128) < 1e-9);
  const inked = (from: number, to: number, lineWidth: number) => {
    const out = thickenLines({ ink: bar(from, to), side }, { resolution: 64, lineWidth });
    return Array.from({ length: side }, (_, y) => out[y * side + 32]!).filter((value) => value > 0)
      .length;
  };
  assert.equal(inked(30, 31, 5 / 64), 5); // 1 px wide, 2 more on each side
  assert.equal(inked(30, 40, 5 / 64), 10);
  assert.equal(
    thickenLines({ ink: new Float32Array(16), side: 4 }, { resolution: 2, lineWidth: 1 })[0],
    -1,
  );
});

Deno.test("--fit scales a small drawing to the square less its margin, and keeps its proportions", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "small.svg");
    await Deno.writeTextFile(
      path,
      `<svg viewBox="0 0 100 100"><path d="M10 20H30V30H10Z" fill="none" stroke="#000"/></svg>`,
    );
    const side = 64;
    const boxOf = (raster: Float32Array) => {
      const at = [...raster.keys()].filter((i) => raster[i]! > 0);
      const columns = at.map((i) => i % side), rows = at.map((i) => Math.floor(i / side));
      return [columns, rows].map((list) => [Math.min(...list), Math.max(...list)]);
    };
    const [columns, rows] = boxOf(await readSketch(path, { resolution: side, fit: true }));
    const near = (value: number, wanted: number) => assert.ok(Math.abs(value - wanted) <= 2);
    near(columns![0]!, 0.1 * side);
    near(columns![1]!, 0.9 * side);
    near(rows![1]! - rows![0]!, 0.4 * side * 22 / 20); // twice as wide as high, before lines
    near(rows![0]! + rows![1]!, side);
    near(boxOf(await readSketch(path, { resolution: side }))[0]![0]!, 0.1 * side);
    near(boxOf(await readSketch(path, { resolution: side }))[0]![1]!, 0.3 * side);
  });
});

Deno.test("cleanInk() makes paper of less than a quarter of ink and ink of more than three quarters", () =>
  void tf.tidy(() => {
    const inks = [-0.1, 0, 0.25, 0.5, 0.625, 0.75, 1, 1.1].map((ink) => 2 * ink - 1);
    const cleaned = cleanInk(tf.tensor4d(inks, [1, 1, inks.length, 1])).dataSync();
    assert.deepEqual([...cleaned], [-1, -1, -1, 0, 0.5, 1, 1, 1]);
  }));
