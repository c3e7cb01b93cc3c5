import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { withFolder } from "../../../core/testing/mod.ts";
import { readSketch } from "./read_sketch.ts";
import { meanLineWidth, thickenLines } from "./thicken_lines.ts";

const rasterOf = async (...args: Parameters<typeof readSketch>) =>
  (await readSketch(...args)).raster;

Deno.test(
  "ndjson, SVG and PNG of one line become nearly the same raster, ink 1 on paper " +
    "-1",
  async () => {
    await withFolder(async (folder) => {
      // Along the middle of row 15 of 32 (y = 15.5 / 32), thick and thin, dark on light and light
      // on dark.
      const line = (stroke: string, width: number) =>
        `<path d="M2.4 11.625H21.6" stroke="${stroke}" stroke-width="${width}" fill="none" ` +
        `stroke-linecap="round"/>`;
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
        const raster = await rasterOf(join(folder, name), { resolution: side });
        assert.equal(raster.length, side * side);
        const inner = (row: number) => [...raster.slice(row * side + 6, row * side + 26)];
        for (const value of inner(15)) assert.ok(value > 0.7, `${name}: ${value}`);
        for (const row of [0, 13, 17, 31]) {
          assert.ok(inner(row).every((value) => value < -0.95), `${name}, row ${row}`);
        }
      }
    });
  },
);

Deno.test("an SVG may quote its size in single quotes", async () => {
  await withFolder(async (folder) => {
    const path = `<path d="M2 12H22" stroke="#000"/></svg>`,
      at = (name: string) => join(folder, name);
    await Deno.writeTextFile(at("double.svg"), `<svg viewBox="0 0 24 24" width="9">${path}`);
    await Deno.writeTextFile(at("box.svg"), `<svg viewBox='0 0 24 24' width = '9'>${path}`);
    await Deno.writeTextFile(at("size.svg"), `<svg width='24px' height='24'>${path}`);
    await Deno.writeTextFile(
      at("named.png"),
      `<!DOCTYPE svg><svg width='.25in' height='18pt'>${path}`,
    );
    const wanted = await rasterOf(at("double.svg"), { resolution: 32 });
    for (const name of ["box.svg", "size.svg", "named.png"]) {
      assert.deepEqual(await rasterOf(at(name), { resolution: 32 }), wanted, name);
    }
  });
});

Deno.test("whatever training takes is completed: every format gives the raster of its first drawing", async () => {
  await withFolder(async (folder) => {
    const drawing = [[[0, 255], [0, 255]], [[255, 0], [0, 255]]],
      text = JSON.stringify({ drawing });
    const binary = [...new Uint8Array(8), 68, 69, 0, 0, 0, 0, 0, 2, 0].concat(
      ...drawing.map((rows) => [2, 0, ...rows.flat()]),
    );
    // DoodlerGAN's margin of 1/10 on its canvas of 560, without its padding of 24.
    const [low, high] = [0.1 * 560 - 24, 0.9 * 560 - 24];
    const pair = {
      input_parts: { a: [[[low, low], [high, high]]], b: [[[high, low], [low, high]]] },
    };
    const files: Record<string, string | Uint8Array> = {
      "lines.ndjson": text,
      "recognized-or-not.ndjson": JSON.stringify({ drawing, recognized: false }),
      "array.json": `[${text}]`,
      "packed.gz": gzipSync(text),
      "table.csv": `word,drawing\ncat,"${JSON.stringify(drawing)}"\n`,
      "cat.bin": Uint8Array.from(binary),
      "pair.json": JSON.stringify({ ...pair, target_part: [[[1, 1], [9, 9]]] }),
      "cross.svg": '<svg viewBox="0 0 10 10" stroke="#000"><path d="M1 1L9 9M9 1L1 9"/></svg>',
    };
    let wanted: Float32Array | undefined;
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      await Deno.writeFile(
        path,
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
      const told: string[] = [];
      const raster = await rasterOf(path, { resolution: 16, tell: (what) => told.push(what) });
      wanted ??= raster;
      for (const [i, value] of raster.entries()) {
        assert.ok(Math.abs(value - wanted[i]!) < 0.01, `${name}: ${value} at ${i}`);
      }
      assert.deepEqual(told, [], name);
    }
  });
});

Deno.test("light lines on dark are turned round in pictures that aren't square, and paper is beside them", async () => {
  await withFolder(async (folder) => {
    const side = 32;
    for (const [width, height] of [[320, 180], [320, 160], [160, 320]] as const) {
      const path = join(folder, `${width}x${height}.png`);
      const [x, y] = [width / 2, height / 2];
      const picture =
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
        `<rect width="100%" height="100%" fill="#111"/>` +
        `<path d="M${x - 60} ${y}H${x + 60}" stroke="#eee" stroke-width="20"/></svg>`;
      await sharp(new TextEncoder().encode(picture)).png().toFile(path);
      const raster = await rasterOf(path, { resolution: side });
      const at = (column: number, row: number) => raster[row * side + column]!;
      assert.ok(at(15, 15) > 0.5, `${path}: the line is ${at(15, 15)}`);
      for (const [column, row] of [[0, 0], [15, 1], [1, 15], [15, 10], [31, 31]] as const) {
        assert.ok(at(column, row) < -0.8, `${path}: the paper is ${at(column, row)}`);
      }
    }
  });
});

Deno.test("a photo is read as its orientation says", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "turned.jpg"), side = 32;
    const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">` +
      `<rect width="100%" height="100%" fill="#fff"/>` +
      `<path d="M20 20H180" stroke="#000" stroke-width="12"/></svg>`;
    await sharp(new TextEncoder().encode(picture)).withMetadata({ orientation: 6 }).jpeg()
      .toFile(path);
    // Orientation 6 is rotated clockwise: the picture is 100 × 200, the line of y = 20 is at x =
    // 80, and 50 px of paper are on each side.
    const raster = await rasterOf(path, { resolution: side });
    const column = Math.floor((50 + 80) / 200 * side);
    for (const row of [6, 15, 25]) assert.ok(raster[row * side + column]! > 0.5, `row ${row}`);
    for (const other of [3, 10, 15, 25]) assert.ok(raster[15 * side + other]! < -0.9);
  });
});

Deno.test("thickenLines() widens thin lines to the requested width and leaves wide ones", () => {
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
  assert.equal(inked(30, 31, 5 / 64), 5); // 1 px wide, widened by 2 on each side
  assert.equal(inked(30, 40, 5 / 64), 10);
  assert.equal(
    thickenLines({ ink: new Float32Array(16), side: 4 }, { resolution: 2, lineWidth: 1 })[0],
    -1,
  );
});

Deno.test("--fit scales a small drawing to the square less its margin, and keeps its proportions", async () => {
  await withFolder(async (folder) => {
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
    const [columns, rows] = boxOf(await rasterOf(path, { resolution: side, fit: true }));
    const near = (value: number, wanted: number) => assert.ok(Math.abs(value - wanted) <= 2);
    near(columns![0]!, 0.1 * side);
    near(columns![1]!, 0.9 * side);
    // twice as wide as high, before lines are drawn
    near(rows![1]! - rows![0]!, 0.4 * side * 22 / 20);
    near(rows![0]! + rows![1]!, side);
    near(boxOf(await rasterOf(path, { resolution: side }))[0]![0]!, 0.1 * side);
    near(boxOf(await rasterOf(path, { resolution: side }))[0]![1]!, 0.3 * side);
  });
});
