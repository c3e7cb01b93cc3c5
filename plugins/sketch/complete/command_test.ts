import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import sharp from "sharp";
import { type ConfigOf, tf } from "../../../core/mod.ts";
import { selectBackend } from "../../../core/backend/mod.ts";
import { commandContext, withFolder } from "../../../core/testing/mod.ts";
import { openedTestRun, testTraining } from "../test_run.ts";
import { completeCommand } from "./command.ts";

const backend = await selectBackend({ name: "cpu" });

/** A run at 4 px. */
const openedRun = (plugin = "sketch", values: Record<string, unknown> = {}) => ({
  ...openedTestRun(testTraining(backend, values)),
  plugin,
});

type Options = Partial<ConfigOf<typeof completeCommand.options>>;

/** The arguments of `complete`, and its run. */
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
        const context = completing([path], { out, overwrite: true, ...options });
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
      const names = [...Deno.readDirSync(out)].map(({ name }) => name).sort();
      assert.deepEqual(names, ["grid.png", "merged_1.png", "merged_1.svg", "part_1.png"]);
      await assert.rejects(() => tell(DRAWING, { count: 1, overwrite: false }), {
        name: "ConfigError",
        message: /out: expected a folder without earlier results, received one with grid\.png/,
      });
    });
  },
);

Deno.test("results that can't be written leave those of an earlier call as they were", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.ndjson"), out = join(folder, "out");
    await Deno.writeTextFile(path, DRAWING);
    await completeCommand.run(completing([path], { count: 2, out }));
    const shown = async () => {
      const names = [...Deno.readDirSync(out)].map(({ name }) => name).sort();
      const bytes = await Promise.all(names.map((name) => Deno.readFile(join(out, name))));
      return names.map((name, i) => [name, bytes[i]] as const);
    };
    const before = await shown(), { writeTextFile } = Deno;
    Deno.writeTextFile = () => Promise.reject(new Error("No space left on device"));
    try {
      const again = completing([path], { count: 1, seed: 9, out, overwrite: true });
      await assert.rejects(async () => await completeCommand.run(again), /No space left/);
    } finally {
      Deno.writeTextFile = writeTextFile;
    }
    assert.deepEqual(await shown(), before);
    await completeCommand.run(completing([path], { count: 1, seed: 9, out, overwrite: true }));
    const names = (await shown()).map(([name]) => name);
    assert.deepEqual(names, ["grid.png", "merged_1.png", "merged_1.svg", "part_1.png"]);
  }));

Deno.test("complete draws each part that is named, and no fewer steps are taken", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.ndjson"), out = join(folder, "out");
    await Deno.writeTextFile(path, DRAWING);
    const context = completing([path], { count: 2, part: "left, top", out });
    await completeCommand.run(context);
    assert.match(context.lines[0]!, /\(the first: left, top\)/);
    for (const name of ["part_1_step_1", "part_1_step_2", "part_2_step_2"]) {
      assert.ok((await Deno.stat(join(out, `${name}.png`))).isFile, name);
    }
    await assert.rejects(
      async () => await completeCommand.run(completing([path], { part: "left,top", steps: 1 })),
      { name: "ConfigError", message: /--part left,top in --steps 1: expected a step a part, 2/ },
    );
  }));

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
      await fails([path], { out: path }, /write .*a\.ndjson: expected a folder .*received a file/);
      await fails([path], { part: "eye" }, /Cannot draw --part eye: expected one of top, left/);
      await fails(
        [join(folder, "bad.ndjson")],
        {},
        /expected a sketch that can be read.*received number 1: a stroke that is not/,
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

Deno.test("complete stops between candidates when it is told to, and writes nothing", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.ndjson"), out = join(folder, "out");
    await Deno.writeTextFile(path, DRAWING);
    const controller = new AbortController();
    const context = {
      ...completing([path], { count: 50, out }),
      signal: controller.signal,
      // takes effect in the event loop, as Ctrl-C does
      progress: () => void setTimeout(() => controller.abort(new Error("Ctrl-C"))),
    };
    await assert.rejects(async () => await completeCommand.run(context), /^Error: Ctrl-C$/);
    await assert.rejects(Deno.stat(out), Deno.errors.NotFound);
  }));

Deno.test("complete tells of a folder that can't be made before it opens a run", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.ndjson"), out = join(path, "out");
    await Deno.writeTextFile(path, DRAWING);
    const context = {
      ...completing([path], { count: 3, out }),
      openRun: () => Promise.reject(new Error("a run was opened")),
    };
    await assert.rejects(async () => await completeCommand.run(context), {
      name: "ConfigError",
      message: /Cannot write .*out: expected a folder .*, received a file at .*a\.ndjson/,
    });
  }));

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
      // with gaps of 1 px
      assert.deepEqual([page.width, page.height], [8 * side + 9, 2 * side + 3]);
      const svg = await Deno.readTextFile(join(folder, "one", "merged_1.svg"));
      assert.ok(!svg.includes('id="sketch"') && svg.includes('id="part-1"'), svg);
    }));
}
