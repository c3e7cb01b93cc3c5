/** Reads Quick, Draw!'s drawings in the formats in which they are distributed. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { type Drawing, SkipLog } from "./drawing.ts";
import { readDrawings } from "./read_drawings.ts";
import { sketchFormat } from "./sketch_format.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Three drawings of two strokes; the second one was not recognized. */
const DRAWINGS = [10, 20, 30].map((x, i) => ({
  word: "cat",
  recognized: i !== 1,
  drawing: [[[0, x, 200], [0, 0, 100]], [[x, x], [0, 100]]],
}));
const NDJSON = DRAWINGS.map((drawing) => JSON.stringify(drawing)).join("\n") + "\n";

async function read(bytes: Uint8Array, path: string, unrecognized = true) {
  const skips = new SkipLog();
  const drawings = await readDrawings(bytes, path, { label: "", skips, unrecognized });
  return { drawings, skipped: skips.list() };
}

const shapes = (drawings: readonly Drawing[]) =>
  drawings.map(({ parts }) => parts.map(({ lines }) => lines.map((line) => [...line])));

const wanted = shapes((await read(encode(NDJSON), "cat.ndjson")).drawings);

Deno.test(
  "what Quick, Draw! did not recognize is left out and told, unless it is asked " +
    "for",
  async () => {
    const { drawings, skipped } = await read(encode(NDJSON), "a.ndjson", false);
    assert.deepEqual(drawings.map(({ path }) => path), ["a.ndjson:1", "a.ndjson:3"]);
    assert.equal(skipped.length, 1);
    assert.equal(skipped[0]!.path, "a.ndjson:2");
    assert.match(
      skipped[0]!.reason,
      /^not recognized by Quick, Draw!, which --unrecognized keeps$/,
    );
    assert.equal(wanted.length, 3);
  },
);

Deno.test(
  "the same drawings are read from lines, arrays, raw times, CSV, gzip and UTF-16, " +
    "whatever the file's name",
  async () => {
    const raw = DRAWINGS.map((one) => ({
      ...one,
      drawing: one.drawing.map(([xs, ys]) => [xs, ys, xs!.map((_, i) => 30 * i)]),
    }));
    const csv = "word,drawing,recognized\r\n" +
      DRAWINGS.map(({ drawing, recognized }) =>
        `"cat","${JSON.stringify(drawing)}",${recognized ? "True" : "False"}\r\n`
      ).join("");
    const utf16 = Uint16Array.from(`\ufeff${NDJSON}`, (character) => character.charCodeAt(0));
    const objects = DRAWINGS.map((one) => ({
      ...one,
      drawing: one.drawing.map(([x, y]) => ({ x, y })),
    }));
    const wrappings: Record<string, Uint8Array> = {
      "lines.txt": encode(NDJSON),
      "lines-of-windows.ndjson": encode(NDJSON.replaceAll("\n", "\r\n")),
      "with-mark.ndjson": encode("\ufeff" + NDJSON),
      "utf16.ndjson": new Uint8Array(utf16.buffer),
      "array.json": encode(JSON.stringify(DRAWINGS)),
      "array-over-lines.json": encode(JSON.stringify(DRAWINGS, undefined, 2)),
      "values-over-lines.json": encode(
        DRAWINGS.map((one) => JSON.stringify(one, undefined, 2)).join("\n"),
      ),
      "objects.ndjson": encode(objects.map((one) => JSON.stringify(one)).join("\n")),
      "bare.ndjson": encode(DRAWINGS.map(({ drawing }) => JSON.stringify(drawing)).join("\n")),
      "bare.json": encode(JSON.stringify(DRAWINGS.map(({ drawing }) => drawing))),
      "raw.ndjson": encode(raw.map((one) => JSON.stringify(one)).join("\n")),
      "competition.csv": encode(csv),
      "packed.ndjson.gz": gzipSync(NDJSON),
      "packed": gzipSync(NDJSON),
    };
    for (const [name, bytes] of Object.entries(wrappings)) {
      const { drawings, skipped } = await read(bytes, name);
      assert.deepEqual(shapes(drawings), wanted, name);
      assert.deepEqual(skipped, [], name);
    }
    const { drawings } = await read(wrappings["competition.csv"]!, "a.csv", false);
    assert.equal(drawings.length, 2, "False is told in CSV, too");
  },
);

/** A drawing in Quick, Draw!'s .bin format. */
function binaryOf({ drawing, recognized }: typeof DRAWINGS[number]): number[] {
  const header = [1, 2, 3, 4, 5, 6, 7, 8, ...encode("DE"), recognized ? 1 : 0, 0, 0, 0, 0];
  const strokes = drawing.flatMap(([xs, ys]) => [xs!.length, 0, ...xs!, ...ys!]);
  return [...header, drawing.length, 0, ...strokes];
}

Deno.test(
  "Quick, Draw!'s binary files are read; one that is cut off gives what is " +
    "whole",
  async () => {
    const bytes = Uint8Array.from(DRAWINGS.flatMap(binaryOf));
    assert.deepEqual(shapes((await read(bytes, "cat.bin")).drawings), wanted);
    assert.equal((await read(bytes, "cat.bin", false)).drawings.length, 2);
    const cut = await read(bytes.subarray(0, -1), "cat.bin");
    assert.deepEqual(shapes(cut.drawings), wanted.slice(0, 2));
    assert.deepEqual(cut.skipped, [{
      path: "cat.bin:3",
      reason: "a drawing that is cut off by the file's end",
    }]);
    assert.equal((await read(Uint8Array.of(1, 2, 3), "cat.bin")).skipped.length, 1);
    const jfif = Uint8Array.from([
      0xff,
      0xd8,
      0xff,
      0xe0,
      0,
      16,
      ...encode("JFIF"),
      0,
      1,
      1,
      0,
      0,
      1,
      0,
    ]);
    assert.throws(() => sketchFormat(jfif, "cat"), /a picture \(JPEG\)/);
  },
);

/** How an array of a drawing is stored. */
interface Kept {
  order: "<" | ">";
  code: string;
  isByColumns: boolean;
}

/** A pickle, protocol 2, of a NumPy array of int16 arrays, as Python 2 wrote sketch-rnn's. */
function pickled(
  drawings: readonly number[][][],
  { order, code, isByColumns }: Kept = { order: "<", code: "i2", isByColumns: false },
): Uint8Array {
  const global = (name: string) => [0x63, ...encode(`numpy\n${name}\n`)];
  const reconstruct = [0x63, ...encode("numpy.core.multiarray\n_reconstruct\n")];
  const array = [...reconstruct, ...global("ndarray"), 0x4b, 0, 0x85, 0x55, 1, 0x62, 0x87, 0x52];
  const type = (code: string, order: string) => [
    ...global("dtype"),
    ...[0x55, code.length, ...encode(code), 0x4b, 0, 0x4b, 1, 0x87, 0x52],
    ...[0x28, 0x4b, 3, 0x55, 1, ...encode(order), 0x4e, 0x4e, 0x4e, 0x74, 0x62],
  ];
  const one = (points: number[][]) => {
    const values = isByColumns ? [0, 1, 2].flatMap((i) => points.map((p) => p[i]!)) : points.flat();
    const data = new Uint8Array(2 * values.length), view = new DataView(data.buffer);
    for (const [i, value] of values.entries()) {
      if (code === "f2") view.setFloat16(2 * i, value, order === "<");
      else view.setInt16(2 * i, value, order === "<");
    }
    const size = [data.length & 255, data.length >> 8, 0, 0];
    return [
      ...[...array, 0x28, 0x4b, 1, 0x4b, points.length, 0x4b, 3, 0x86],
      ...[...type(code, order), isByColumns ? 0x88 : 0x89, 0x54, ...size, ...data, 0x74, 0x62],
    ];
  };
  const list = [0x5d, 0x28, ...drawings.flatMap(one), 0x65];
  return Uint8Array.from([
    ...[0x80, 2, ...array, 0x28, 0x4b, 1, 0x4b, drawings.length, 0x85],
    ...[...type("O8", "|"), 0x89, ...list, 0x74, 0x62, 0x2e],
  ]);
}

function npy(data: Uint8Array, descr = "|O"): Uint8Array {
  const header = encode(`{'descr': '${descr}', 'fortran_order': False, 'shape': (1,), }\n`);
  return Uint8Array.from([
    ...[0x93, ...encode("NUMPY"), 1, 0, header.length, 0],
    ...header,
    ...data,
  ]);
}

Deno.test(
  "sketch-rnn's .npz: steps become points, a lifted pen ends a stroke, all its arrays " +
    "are read",
  async () => {
    // (5, 5), (15, 5) | (15, 25), (35, 25): 30 wide, 20 high
    const steps = [[5, 5, 0], [10, 0, 1], [0, 20, 0], [20, 0, 1]];
    const bytes = zipSync({
      "train.npy": npy(pickled([steps, steps])),
      "test.npy": npy(pickled([steps])),
    });
    for (const name of ["cat.npz", "cat"]) {
      const { drawings } = await read(bytes, name);
      assert.equal(drawings.length, 3);
      const lines = shapes(drawings)[2]!.map(([line]) => line!.map((v) => Number(v.toFixed(4))));
      const [x, y] = [
        (v: number) => 0.1 + 0.8 * (v - 5) / 30,
        (v: number) => 0.5 + 0.8 * (v - 15) / 30,
      ];
      const points = [[x(5), y(5), x(15), y(5)], [x(15), y(25), x(35), y(25)]];
      assert.deepEqual(lines, points.map((line) => line.map((v) => Number(v.toFixed(4)))));
    }
  },
);

Deno.test("sketch-rnn's arrays are read as NumPy keeps them: transposed, swapped, halves", async () => {
  const steps = [[5, 5, 0], [10, 0, 1], [0, 20, 0], [20, 0, 1]];
  const drawn = async (kept?: Kept) => {
    const { drawings } = await read(zipSync({ "train.npy": npy(pickled([steps], kept)) }), "a.npz");
    return shapes(drawings);
  };
  const plain = await drawn();
  for (const code of ["i2", "f2"]) {
    for (const isByColumns of [false, true]) {
      assert.deepEqual(await drawn({ order: "<", code, isByColumns }), plain);
      assert.deepEqual(await drawn({ order: ">", code, isByColumns }), plain);
    }
  }
  const unknown = zipSync({
    "train.npy": npy(pickled([steps], { order: "<", code: "u2", isByColumns: false })),
  });
  const { skipped } = await read(unknown, "a.npz");
  assert.equal(skipped[0]?.reason, 'numbers of the type "<u2": expected i1 to i8 or f2 to f8');
});

Deno.test("a pickle that would call anything else is refused, and nothing is called", async () => {
  const call = Uint8Array.from([
    0x80,
    2,
    0x63,
    ...encode("os\nsystem\n"),
    0x55,
    2,
    ...encode("id"),
    0x85,
    0x52,
    0x2e,
  ]);
  const bytes = zipSync({ "train.npy": npy(call) });
  await assert.rejects(read(bytes, "a.npz"), {
    name: "DrawingError",
    message: /^a pickle that can't be read: expected a name out of .*, received os system at byte/,
  });
});

Deno.test("files that hold no lines are called by their name, whatever theirs is", async () => {
  const starts: [number[] | string, RegExp][] = [
    [
      [0x93, ..."NUMPY".split("").map((c) => c.charCodeAt(0)), 1, 0],
      /NumPy array.*bitmaps.*\.ndjson/,
    ],
    [[0x89, ...encode("PNG\r\n")], /a picture \(PNG\).*complete/],
    [[0xff, 0xd8, 0xff, 0xe0], /a picture \(JPEG\)/],
    ["GIF89a", /a picture \(GIF\)/],
    ["%PDF-1.5", /a PDF, as \.ai files/],
    ["PAR1", /Parquet/],
    [[0x80, 4, 0x95], /a Python pickle/],
    ["PK\x03\x04", /a zip inside/],
    ["\0".repeat(257) + "ustar", /a tar archive/],
    [
      [30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...encode("\n\x03ink" + "x".repeat(40))],
      /TensorFlow records/,
    ],
    ["hello", /not a sketch/],
    ["", /empty file/],
  ];
  for (const [start, message] of starts) {
    const bytes = typeof start === "string" ? encode(start) : Uint8Array.from(start);
    assert.throws(() => sketchFormat(bytes, "cat"), { name: "DrawingError", message });
  }
  await assert.rejects(
    read(zipSync({ "a.npy": npy(new Uint8Array(9), "<f8") }), "a.npz"),
    /without "train"/,
  );
  await assert.rejects(
    read(zipSync({ "train.npy": npy(new Uint8Array(9), "<f8") }), "a.npz"),
    /of numbers/,
  );
  await assert.rejects(read(gzipSync(gzipSync(NDJSON)), "a.gz"), /packed twice/);
  await assert.rejects(read(gzipSync(NDJSON).subarray(0, 30), "a.gz"), /damaged/);
});

Deno.test(
  "a drawing of more parts than anyone draws is left out, whatever the " +
    "format",
  async () => {
    const strokes = Array.from({ length: 10_000 }, (_, i) => [[i % 255, 3], [4, i % 200]]);
    const text = `${JSON.stringify({ drawing: strokes })}\n`.repeat(12) + NDJSON;
    const { drawings, skipped } = await read(encode(text), "a.ndjson");
    assert.equal(drawings.length, 3);
    assert.deepEqual(
      new Set(skipped.map(({ reason }) => reason)),
      new Set(["more than 512 parts"]),
    );
    const parts = Object.fromEntries(
      strokes.slice(0, 600).map((_, i) => [`p${i}`, [[[1, 2], [3, i]]]]),
    );
    const doodler = JSON.stringify({ input_parts: parts, target_part: [[[1, 2], [3, 4]]] });
    await assert.rejects(read(encode(doodler), "a.json"), /more than 512 parts/);
  },
);
