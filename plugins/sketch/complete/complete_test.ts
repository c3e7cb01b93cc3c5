import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import sharp from "sharp";
import { type ConfigOf, frameOf, Random, seedFor, tf } from "../../../core/mod.ts";
import { selectBackend } from "../../../core/backend/mod.ts";
import { commandContext, withFolder } from "../../../core/testing/mod.ts";
import { openedTestRun, testBatch, testTraining } from "../test_run.ts";
import { completeCommand } from "./command.ts";
import { blankSketch, completeSketch } from "./complete_sketch.ts";
import { cleanInk, drawNext } from "./draw_next.ts";
import { rasterOfLines } from "../raster_of_lines.ts";

const backend = await selectBackend({ name: "cpu" });

/** A run that stands at 4 px. */
const openedRun = (plugin = "sketch", values: Record<string, unknown> = {}) => ({
  ...openedTestRun(testTraining(backend, values)),
  plugin,
});

type Options = Partial<ConfigOf<typeof completeCommand.options>>;

/** What `complete` is given, and its run. */
const completing = (
  args: string[],
  options: Options,
  plugin?: string,
  values?: Record<string, unknown>,
) =>
  commandContext(completeCommand, {
    args,
    options,
    openRun: () => Promise.resolve(openedRun(plugin, values)),
  });

const DRAWING = '{"drawing":[[[0,255],[0,0]],[[0,0],[0,255],[7,7]]]}';

Deno.test(
  "complete writes each part, each merge and a grid, the same for the same " +
    "seed",
  async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "a.ndjson");
      await Deno.writeTextFile(path, "\nnot json\n" + DRAWING + "\n");
      const before = tf.memory().numTensors;
      for (const out of ["one", "two"]) {
        await completeCommand.run(
          completing([path], { count: 2, part: "left", seed: 3, out: join(folder, out) }),
        );
      }
      assert.equal(tf.memory().numTensors, before, "tensors were left behind");
      const names = [...Deno.readDirSync(join(folder, "one"))].map(({ name }) => name).sort();
      assert.deepEqual(names, [
        "grid.png",
        "merged_1.png",
        "merged_1.svg",
        "merged_2.png",
        "merged_2.svg",
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
  },
);

Deno.test(
  "complete names the files that it wrote, and says that a file has more drawings than " +
    "one",
  async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "a.ndjson"), out = join(folder, "out");
      const tell = async (text: string, options: Options) => {
        await Deno.writeTextFile(path, text);
        const context = completing([path], { out, ...options });
        await completeCommand.run(context);
        return context.lines;
      };
      const many = await tell(`${DRAWING}\n{}\n${DRAWING}\n${DRAWING}\n`, { count: 2, steps: 2 });
      assert.deepEqual(many[0], `${path}: has 3 drawings: the first is completed`);
      const part = /grid\.png, (\S+) …, merged_1\.png …, merged_1\.svg …$/.exec(many[1]!)?.[1] ??
        "none";
      assert.match(many[1]!, /^2 candidates /);
      assert.ok((await Deno.stat(join(out, part))).isFile, part);
      const one = await tell(DRAWING, { count: 1 });
      assert.equal(one.length, 1);
      assert.match(one[0]!, /^1 candidate .* part_1\.png …/);
    });
  },
);

Deno.test(
  "complete refuses a wrong number, class, file or run, and says what it " +
    "expected",
  async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "a.ndjson"), out = join(folder, "out");
      await Deno.writeTextFile(path, DRAWING);
      await Deno.writeTextFile(join(folder, "bad.ndjson"), '{"drawing":[[[1,2],[1]]]}\n');
      await Deno.writeTextFile(join(folder, "bad.svg"), "<html></html>");
      await Deno.writeTextFile(join(folder, "bad.png"), "no picture");
      await Deno.writeTextFile(join(folder, "a.txt"), "");
      await sharp({ create: { width: 9, height: 9, channels: 3, background: "#fff" } }).png()
        .toFile(join(folder, "blank.png"));
      const fails = (args: string[], options: Options, message: RegExp) =>
        assert.rejects(
          async () => await completeCommand.run(completing(args, { out, ...options })),
          { message },
        );
      await fails([], {}, /expected one sketch, received 0/);
      await fails([path], { fromNothing: true }, /expected a sketch or blank paper, received both/);
      await fails([], { fromNothing: true }, /expected a run that begins on blank paper/);
      await fails([path], { count: 0 }, /--count .*expected a number 1 … 1000, received 0/);
      await fails([path], { seed: 0.5 }, /--seed .*expected a whole number, received 0.5/);
      await fails([path], { out: path }, /--out .*a\.ndjson: expected a folder, received a file/);
      await fails([path], { part: "eye" }, /Cannot draw --part eye: expected one of top, left/);
      await fails(
        [join(folder, "bad.ndjson")],
        {},
        /expected a sketch that can be read.*received 1: a stroke that is not/,
      );
      await fails(
        [join(folder, "bad.svg")],
        {},
        /expected a sketch that can be read.*received a web page/,
      );
      await fails([join(folder, "bad.png")], {}, /received not a sketch/);
      await fails([join(folder, "a.txt")], {}, /received empty file/);
      await Deno.writeTextFile(join(folder, "b.jpg"), "\0\0\0\x18ftypheic\0\0\0\0mif1heic");
      await fails([join(folder, "b.jpg")], {}, /received a HEIC picture, which is not read/);
      await fails([folder], {}, /expected a file that can be read, received not a regular file/);
      await fails([join(folder, "none.svg")], {}, /expected a file that can be read/);
      await fails(
        [join(folder, "blank.png")],
        {},
        /expected a sketch with lines, received a blank one/,
      );
      await assert.rejects(
        completeCommand.run(completing([path], { out }, "stylegan")),
        /expected a run of plugin "sketch", received one of "stylegan"/,
      );
      assert.equal(await Deno.stat(out).catch(() => undefined), undefined);
    });
  },
);

Deno.test(
  "a candidate depends on seed and index; steps take the given parts, then predicted " +
    "ones",
  () => {
    const training = testTraining(backend, {}, ["a", "b", "c"]);
    const partial = (testBatch(4).partial!.data as Float32Array).slice(0, 16);
    const draw = (index: number, steps: number, parts: string[] = []) =>
      completeSketch(training.model, { raster: partial, lines: [] }, {
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
    training.dispose();
  },
);

Deno.test(
  "cleanInk() makes paper of less than a quarter of ink and ink of more than three " +
    "quarters",
  () =>
    void tf.tidy(() => {
      const inks = [-0.1, 0, 0.25, 0.5, 0.625, 0.75, 1, 1.1].map((ink) => 2 * ink - 1);
      const cleaned = cleanInk(tf.tensor4d(inks, [1, 1, inks.length, 1])).dataSync();
      assert.deepEqual([...cleaned], [-1, -1, -1, 0, 0.5, 1, 1, 1]);
    }),
);

Deno.test("complete writes strokes: a file's own lines as they were, a picture's traced", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.ndjson");
    await Deno.writeTextFile(path, DRAWING + "\n");
    await completeCommand.run(
      completing([path], { count: 1, part: "left", out: join(folder, "o") }),
    );
    const svg = await Deno.readTextFile(join(folder, "o", "merged_1.svg"));
    const sketch = /<g id="sketch"[\s\S]*?<\/g>/.exec(svg)?.[0] ?? "";
    // Quick, Draw!'s 255 with a margin of a tenth, in a viewBox of 256
    const [from, to] = [25.6, 230.4];
    assert.ok(sketch.includes(`d="M${from},${from}L${to},${from}"`), sketch);
    assert.match(svg, /<g id="part-1"[^>]*>\n\s+<title>left<\/title>/);

    const side = 64, pixels = Buffer.alloc(side * side, 255);
    for (let x = 8; x < 56; x++) pixels[20 * side + x] = 0;
    const picture = join(folder, "b.png");
    await sharp(pixels, { raw: { width: side, height: side, channels: 1 } }).png().toFile(picture);
    await completeCommand.run(
      completing([picture], { count: 1, part: "left", out: join(folder, "p") }),
    );
    const traced = await Deno.readTextFile(join(folder, "p", "merged_1.svg"));
    assert.equal(/<g id="sketch"[\s\S]*?<\/g>/.exec(traced)?.[0].match(/<path /g)?.length, 1);
  }));

for (const [layout, side] of [["whole", 4], ["boxes", 256]] as const) {
  Deno.test(`whole sketches are drawn from nothing, and a page of them (${layout})`, () =>
    withFolder(async (folder) => {
      const before = tf.memory().numTensors, options = { fromNothing: true, page: true, count: 9 };
      const names = async (out: string) => {
        const context = completing([], { ...options, out: join(folder, out) }, undefined, {
          layout,
          blank: "yes",
        });
        await completeCommand.run(context);
        assert.match(context.lines[0]!, /^9 candidates .*: page\.png, grid\.png, part_1/);
        return [...Deno.readDirSync(join(folder, out))].map(({ name }) => name).sort();
      };
      const written = await names("one");
      assert.deepEqual(await names("two"), written);
      assert.equal(tf.memory().numTensors, before, "tensors were left behind");
      for (const name of written) {
        const [one, two] = await Promise.all(
          ["one", "two"].map((out) => Deno.readFile(join(folder, out, name))),
        );
        assert.deepEqual(one, two, name);
      }
      const page = await sharp(join(folder, "one", "page.png")).metadata();
      assert.deepEqual([page.width, page.height], [8 * side + 9, 2 * side + 3]); // gaps of 1 px
      const svg = await Deno.readTextFile(join(folder, "one", "merged_1.svg"));
      assert.ok(!svg.includes('id="sketch"') && svg.includes('id="part-1"'), svg);
    }));
}

Deno.test("with boxes a part lies in its frame, its picture is its lines', and the sketch stays", () => {
  const training = testTraining(backend, { layout: "boxes" }, ["a", "b", "c"]);
  const line = Float32Array.of(0.2, 0.2, 0.8, 0.2), raster = rasterOfLines([line], 256);
  const box = [0.6, 0.7, 0.2, 0.1] as const, { left, top, side } = frameOf(box);
  const draw = (index: number) =>
    drawNext(training.model, [{ raster, lines: [line] }], {
      resolution: 4,
      alpha: 1,
      seed: seedFor(index, "test"),
      randoms: [new Random(seedFor(index, "test"))],
      boxes: [box],
    })[0]!;
  const parts = [0, 1, 2, 3].map(draw);
  assert.ok(parts.some(({ lines }) => lines!.length > 0));
  for (const { lines, raster } of parts) {
    assert.deepEqual(raster, rasterOfLines(lines!, 256));
    for (const line of lines!) {
      line.forEach((value, i) => {
        const from = i % 2 === 0 ? left : top;
        assert.ok(value >= from - 1e-6 && value <= from + side + 1e-6, `${value}`);
      });
    }
  }
  const sketch = { raster, lines: [line] };
  const options = { resolution: 4, alpha: 1, steps: 9, parts: ["c"], seed: 1, index: 0 };
  const { steps, merged, side: drawn } = completeSketch(training.model, sketch, options);
  assert.equal(drawn, 256);
  assert.equal(steps[0]!.name, "c");
  assert.ok(steps.length <= 3);
  assert.ok(merged.every((value, i) => value >= raster[i]!));
  assert.deepEqual(completeSketch(training.model, sketch, options).merged, merged);
  training.dispose();
});

Deno.test("where sketches begin on blank paper, classes and ends are drawn by lot", () => {
  const training = testTraining(backend, { blank: "yes" }, ["a", "b", "c"]);
  const { model } = training, shares = [0.6, 0.3, 0.1];
  const fixed = {
    ...model,
    nextPart: () => tf.log(tf.tensor2d(Array(400).fill(shares).flat(), [400, 3])) as tf.Tensor2D,
    endsWith: () => tf.fill([400, 1], Math.log(1 / 3)) as tf.Tensor2D, // a quarter
  };
  const blank = blankSketch(model, 4);
  const parts = drawNext(fixed, Array(400).fill(blank), {
    resolution: 4,
    alpha: 1,
    seed: seedFor(0, "test"),
    randoms: Array.from({ length: 400 }, (_, i) => new Random(seedFor(i, "test"))),
    drawn: Array.from({ length: 400 }, (_, i) => new Set(i < 200 ? [] : [0])),
  });
  const share = (from: number, of: (part: typeof parts[number]) => boolean) =>
    parts.slice(from, from + 200).filter(of).length / 200;
  const near = (received: number, expected: number) =>
    assert.ok(Math.abs(received - expected) < 0.12, `${received}, not ${expected}`); // 3.5 sigma
  shares.forEach((wanted, label) => near(share(0, (part) => part.label === label), wanted));
  assert.equal(share(200, ({ label }) => label === 0), 0); // it was drawn before
  near(share(200, ({ label }) => label === 1), 0.75);
  near(share(0, ({ ends }) => ends), 0.25);
  training.dispose();
});

Deno.test("a run that completes sketches alone takes the likeliest class and tells no end", () => {
  const training = testTraining(backend);
  const logits = tf.tensor2d([[0, 0.1], [0.1, 0]]);
  const parts = drawNext(
    { ...training.model, nextPart: () => tf.clone(logits) },
    [1, 2].map(() => ({ raster: new Float32Array(16).fill(-1), lines: [] })),
    {
      resolution: 4,
      alpha: 1,
      seed: seedFor(0, "test"),
      randoms: [0, 1].map((i) => new Random(seedFor(i, "test"))),
    },
  );
  assert.deepEqual(parts.map(({ label, ends }) => [label, ends]), [[1, false], [0, false]]);
  logits.dispose();
  training.dispose();
});
