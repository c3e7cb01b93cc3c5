/**
 * Readers of files from unknown sources give a clear error or a result for any input, in bounded
 * time.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import fc from "fast-check";
import { UsageError } from "../../cli/errors.ts";
import { RunError } from "../../core/run/run_error.ts";
import { readConfigFile } from "../../cli/flags/config_file.ts";
import { resolveAll } from "../../core/run/spec/resolve_options.ts";
import { readSavedRun } from "../../core/run/spec/saved_run.ts";
import { ConfigError } from "../../core/config/mod.ts";
import { findRun } from "../../core/run/mod.ts";
import { withFiles, withFolder } from "../../core/testing/with_folder.ts";
import { DrawingError, SkipLog } from "../../core/sketches/drawing.ts";
import { flattenPath } from "../../core/sketches/flatten_path.ts";
import { drawingsOfText } from "../../core/sketches/test_drawings.ts";
import { parseSvg } from "../../core/sketches/parse_svg.ts";
import { readDrawings } from "../../core/sketches/read_drawings.ts";
import { ZIP_LIMITS, zipSource } from "../../datasets/sources/zip.ts";
import tiny from "../faults/tiny_gan.ts";
import { decodesOrThrows, mutatedBytes, mutatedText, replacedJson } from "./mutations.ts";

const encode = (text: string) => new TextEncoder().encode(text);

const NDJSON = `{"word":"cat","drawing":[[[0,9,30],[0,9,4]],[[1,2],[3,4],[5,5]]]}\n`.repeat(3);

Deno.test(
  "parseStrokes() gives drawings within the unit square, or skips lines, for any " +
    "text",
  () => {
    const drawing = fc.record({ drawing: fc.jsonValue(), word: fc.jsonValue() });
    const texts = fc.oneof(
      mutatedText(NDJSON),
      fc.string({ unit: "binary" }),
      drawing.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const { parts } of drawingsOfText(text, "a.ndjson", new SkipLog())) {
          for (const line of parts.flatMap((part) => part.lines)) {
            assert.ok(line.length >= 4 && line.every((x) => x >= -1e-6 && x <= 1 + 1e-6), text);
          }
        }
      }),
      { seed: 1, numRuns: 400 },
    );
  },
);

/** Small files of every sketch format. */
function sketchFiles(): Record<string, Uint8Array> {
  const drawing = [[[0, 9, 30], [0, 9, 4]], [[1, 2], [3, 4]]];
  const binary = [...new Uint8Array(8), 68, 69, 1, 0, 0, 0, 0, 2, 0].concat(
    ...drawing.map(([xs, ys]) => [xs!.length, 0, ...xs!, ...ys!]),
  );
  const pair = { input_parts: { body: [[[0, 0], [9, 9]]] }, target_part: [[[1, 1], [9, 0]]] };
  const npy = encode("\x93NUMPY\x01\0\x10\0{'descr': '|O'}\n").with(0, 0x93);
  const pickle = Uint8Array.fromHex("80025d71002858010000006171015d7102284b014afeffffff65652e");
  const doctype = `<!DOCTYPE svg [<!ENTITY a "9"><!ENTITY b '<path d="M0 0h&a;"/>'>]>`;
  const svg = `${doctype}<svg viewBox="0 0 9 9" stroke="red"><style>#s>g{fill:none}</style>` +
    `<symbol id="s" viewBox="0 0 4 4"><g transform="rotate(3deg)">&b;</g></symbol>` +
    `<use href="#s" x="10%" width="2em"/><switch><rect rx="1" width="3mm" ` +
    `height="2"/></switch></svg>`;
  return {
    "a.json": encode(JSON.stringify([{ word: "cat", drawing }, { drawing }], undefined, 1)),
    "a.csv": encode(`word,drawing,recognized\ncat,"${JSON.stringify(drawing)}",True\n`),
    "a.gz": gzipSync(NDJSON),
    "a.bin": Uint8Array.from([...binary, ...binary]),
    "pair.json": encode(JSON.stringify(pair)),
    "a.npz": zipSync({ "train.npy": Uint8Array.from([...npy, ...pickle]) }, { level: 0 }),
    "a.svg": encode(svg),
  };
}

Deno.test(
  "readDrawings() gives drawings, or says why not, for any bytes of any " +
    "format",
  async () => {
    for (const [name, whole] of Object.entries(sketchFiles())) {
      await fc.assert(
        fc.asyncProperty(fc.oneof(mutatedBytes(whole), fc.uint8Array()), async (bytes) => {
          try {
            const skips = new SkipLog();
            const drawings = await readDrawings(bytes, name, { label: "", skips });
            for (
              const line of drawings.flatMap(({ parts }) => parts).flatMap(({ lines }) => lines)
            ) {
              assert.ok(line.length >= 4 && line.every((x) => x >= -1.001 && x <= 2.001), name);
            }
          } catch (error) {
            assert.ok(error instanceof DrawingError, `${name}: ${error}`);
          }
        }),
        { seed: 1, numRuns: 200 },
      );
    }
  },
);

Deno.test("parseStrokes() skips deep nesting, a million points and lines without end", () => {
  const row = JSON.stringify(Array.from({ length: 600_000 }, (_, i) => i % 9));
  const lines = [
    `{"drawing":${"[".repeat(400_000)}${"]".repeat(400_000)}}`,
    `{"drawing":[[${row},${row}]]}`,
    "x".repeat(5 * 2 ** 20),
  ];
  const skips = new SkipLog();
  assert.deepEqual(drawingsOfText(lines.join("\n"), "a.ndjson", skips), []);
  const reasons = skips.list().map(({ reason }) => reason);
  assert.equal(reasons.length, 3);
  assert.match(reasons.join("; "), /a stroke that is not .*more than \d+ points.*more than 4 MiB/);
});

const PATH = "M1 2L3.5-4h5v6c1 2 3 4 5 6s1 1 2 2q1 1 2 2t3 3a5 4 30 1 0 7 8z";

Deno.test("flattenPath() gives finite points or a DrawingError for any path and transform", () => {
  const words = fc.array(
    fc.oneof(fc.constantFrom(..."MmLlHhVvCcSsQqTtAaZz,"), fc.double().map(String)),
    { maxLength: 30 },
  ).map((parts) => parts.join(" "));
  const paths = fc.oneof(mutatedText(PATH), words);
  const transforms = fc.array(mutatedText("rotate(45 1 2) scale(2) matrix(1 0 0 1 2 3)"), {
    maxLength: 2,
  });
  fc.assert(
    fc.property(paths, transforms, (path, moves) => {
      decodesOrThrows([DrawingError], () => {
        for (const line of flattenPath(path, moves)) assert.ok(line.every(Number.isFinite));
      });
    }),
    { seed: 1, numRuns: 400 },
  );
});

const SVG = `<svg viewBox="0 0 9 9"><g transform="scale(2)"><path d="${PATH}"/>` +
  `<circle cx="3" cy="4" r="2" style="fill:none;stroke:red"/></g><rect width="3" ` +
  `height="2"/></svg>`;

Deno.test("parseSvg() gives a drawing or a DrawingError for any text", () => {
  fc.assert(
    fc.property(fc.oneof(mutatedText(SVG), fc.string()), (text) => {
      decodesOrThrows([DrawingError], () => parseSvg(text, "a.svg"));
    }),
    { seed: 1, numRuns: 400 },
  );
});

Deno.test(
  "parseSvg() refuses entities of other files, a million vertices and nesting without " +
    "end",
  () => {
    const refused: [string, RegExp][] = [
      [`<!DOCTYPE svg [<!ENTITY a SYSTEM "b">]><svg>&a;</svg>`, /an entity of another file/],
      [`<svg><path d="M0 0${"l1 1".repeat(2_000_000)}"/></svg>`, /more than 8 MB/],
      [`<svg><path d="M0 0${"l1 1".repeat(60_000)}"/></svg>`, /more than 200,000 characters/],
      [`<svg>${"<path d='M0 0l1 1l2 3'/>".repeat(1000)}</svg>`, /more than 512 parts/],
      [`<svg>${"<g>".repeat(100_000)}`, /nested too deep/],
      [`<svg><image href="http://example.com/a.png"/></svg>`, /an empty drawing/],
    ];
    for (const [text, reason] of refused) {
      assert.throws(() => parseSvg(text, "a.svg"), (error) => {
        assert.ok(error instanceof DrawingError);
        assert.match(error.message, reason);
        return true;
      });
    }
  },
);

Deno.test("zipSource() reads, leaves out or refuses, whatever bytes a zip holds", async () => {
  const whole = zipSync({ "a/1.png": encode("one"), "a/2.png": encode("two".repeat(99)) });
  await withFolder(async (folder) => {
    const path = join(folder, "a.zip");
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(mutatedBytes(whole), fc.uint8Array()),
        async (bytes) => {
          await Deno.writeFile(path, bytes);
          const source = await zipSource(path).catch((error: Error) => {
            assert.match(error.message, /^Cannot read .*a\.zip: expected/);
          });
          if (!source) return;
          try {
            for (const file of source.files) {
              const content = await file.read().catch((error) => assert.ok(error instanceof Error));
              assert.ok((content?.length ?? 0) <= ZIP_LIMITS.ratioFreeBytes);
            }
          } finally {
            source.close();
          }
        },
      ),
      { seed: 1, numRuns: 150 },
    );
  });
});

Deno.test("a zip bomb is left out by its header, and cut off where its header lies", () =>
  withFolder(async (folder) => {
    const path = join(folder, "bomb.zip");
    const bomb = zipSync({ "a.png": new Uint8Array(40 * 2 ** 20) }, { level: 9 });
    await Deno.writeFile(path, bomb);
    const honest = await zipSource(path);
    assert.deepEqual(honest.files, []);
    assert.match(honest.skipped[0]!.reason, /inflates more than 100 times/); // a single file
    honest.close();
    // The sizes in the local and central headers (at offsets 22 and 24) now say 1000 bytes.
    const view = new DataView(bomb.buffer);
    for (let i = 0; i < bomb.length - 4; i++) {
      const signature = view.getUint32(i, true);
      if (signature === 0x04034b50) view.setUint32(i + 22, 1000, true);
      if (signature === 0x02014b50) view.setUint32(i + 24, 1000, true);
    }
    await Deno.writeFile(path, bomb);
    const lying = await zipSource(path);
    await assert.rejects(lying.files[0]!.read(), Error); // it is listed
    lying.close();
  }));

const CONFIG = JSON.stringify({
  version: "0.1.0",
  plugins: [{ name: "tiny", specifier: "./tiny_gan.ts" }],
  preset: null,
  run: { resolution: 8, gamma: 2, sched: ["4:4"] },
  options: { tiny: {} },
  data: { fit: "cover", background: "#ffffff", channels: 3, heldOut: 0.05 },
  machine: { backend: "auto", threads: 1 },
  dataset: {
    ...{ kind: "images", name: "a", digest: "0", count: 12, heldOutCount: 1 },
    ...{ channels: 3, maxResolution: 8, labels: [] },
  },
});

const configs = fc.oneof(mutatedText(CONFIG), replacedJson(CONFIG), fc.json(), fc.string());

Deno.test("a configuration file is resolved or refused by name, whatever it holds", () =>
  withFolder(async (folder) => {
    const path = join(folder, "gan.json");
    const model = { plugin: tiny as never, specifier: "tiny" }; // its hooks take its own options
    const loaded = { model, addOns: [] };
    await fc.assert(
      fc.asyncProperty(configs, async (text) => {
        await Deno.writeTextFile(path, text);
        try {
          resolveAll(loaded, [await readConfigFile(path)]);
        } catch (error) {
          assert.ok(error instanceof UsageError || error instanceof ConfigError, String(error));
        }
      }),
      { seed: 1, numRuns: 300 },
    );
    for (const deep of ["[".repeat(300_000), `{"gamma":${"[".repeat(90)}${"]".repeat(90)}}`]) {
      await Deno.writeTextFile(path, deep);
      await assert.rejects(readConfigFile(path), UsageError);
    }
    await Deno.writeTextFile(path, " ".repeat(2 ** 20 + 1));
    await assert.rejects(readConfigFile(path), /expected a JSON file/);
  }));

Deno.test("a run's config.json is read whole or refused by name, whatever it holds", () =>
  withFiles({ "00000-tiny-a/config.json": CONFIG }, async (folder) => {
    const run = await findRun(folder, "0");
    assert.equal((await readSavedRun(run)).dataset.count, 12);
    const model = { plugin: tiny as never, specifier: "tiny" }; // its hooks take its own options
    const loaded = { model, addOns: [] };
    await fc.assert(
      fc.asyncProperty(configs, async (text) => {
        await Deno.writeTextFile(join(run.folder, "config.json"), text);
        try {
          const saved = await readSavedRun(run);
          const values = Object.assign({}, saved.run, ...Object.values(saved.options));
          resolveAll(loaded, [{ from: "the saved run", values }]);
        } catch (error) {
          assert.ok(error instanceof RunError || error instanceof ConfigError, String(error));
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  }));
