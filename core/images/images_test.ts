import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { withFolder } from "../testing/with_folder.ts";
import { gridSize, renderGrid, writeAnimation, writeGrid } from "./mod.ts";

Deno.test("renderGrid() repeats pixels, keeps gaps and leaves the last cells empty", () => {
  // Three 1-px grey images in two columns, each enlarged to 2 px, with a gap of 1.
  const images = { data: new Float32Array([-1, 1, 0]), shape: [3, 1, 1, 1] };
  const { pixels, width, height } = renderGrid(images, {
    columns: 2,
    scale: 2,
    gap: 1,
    background: 7,
  });
  assert.deepEqual([width, height], [7, 7]);
  const g = 7, a = 0, b = 255, c = 128;
  // deno-fmt-ignore
  assert.deepEqual([...pixels], [
    g, g, g, g, g, g, g,
    g, a, a, g, b, b, g,
    g, a, a, g, b, b, g,
    g, g, g, g, g, g, g,
    g, c, c, g, g, g, g,
    g, c, c, g, g, g, g,
    g, g, g, g, g, g, g,
  ]);
});

Deno.test("writeGrid() clamps, and writes RGB that reads back", () =>
  withFolder(async (folder) => {
    const path = join(folder, "new", "grid.png");
    await writeGrid(path, { data: new Float32Array([-3, 0.5, 9, 0, 0, NaN]), shape: [2, 1, 1, 3] });
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height, info.channels], [2, 1, 3]);
    assert.deepEqual([...data], [0, 191, 255, 128, 128, 0]); // round((0.5 + 1) * 127.5) = 191
    assert.deepEqual((await Array.fromAsync(Deno.readDir(join(folder, "new")))).length, 1);
  }));

Deno.test("renderGrid() refuses a shape that does not fit its numbers", () => {
  assert.throws(() => renderGrid({ data: new Float32Array(5), shape: [1, 2, 2, 1] }), TypeError);
  assert.throws(() => renderGrid({ data: new Float32Array(8), shape: [1, 2, 2, 2] }), TypeError);
  const images = { data: new Float32Array(1), shape: [1, 1, 1, 1] };
  assert.throws(() => renderGrid(images, { scale: 1.5 }), RangeError);
});

for (const ending of ["webp", "gif"]) {
  Deno.test(
    `writeAnimation() writes every frame at the largest size with its delay as ` +
      `${ending}`,
    () =>
      withFolder(async (folder) => {
        const small = join(folder, "small.png"), path = join(folder, `film.${ending}`);
        await writeGrid(small, { data: new Float32Array([-1, 1, 1, -1]), shape: [1, 2, 2, 1] });
        const large = {
          pixels: new Uint8Array(8 * 8 * 3).fill(200),
          width: 8,
          height: 8,
          channels: 3 as const,
        };
        await writeAnimation(path, [small, large, small], { delay: [50, 60, 700] });
        const { pages, pageHeight, width, delay, loop } = await sharp(path, { animated: true })
          .metadata();
        assert.deepEqual({ pages, pageHeight, width, delay, loop }, {
          pages: 3,
          pageHeight: 8,
          width: 8,
          delay: [50, 60, 700],
          loop: 0,
        });
        const first = await sharp(path).greyscale().raw().toBuffer();
        // 2 px, four times each
        assert.ok(first[0]! < 40 && first[7]! > 215, `corners ${first[0]} and ${first[7]}`);
      }),
  );
}

Deno.test("writeAnimation() names what is wrong", async () => {
  await assert.rejects(writeAnimation("a.png", ["x.png"]), /\.webp or \.gif/);
  await assert.rejects(writeAnimation("a.gif", []), /expected frames/);
  await assert.rejects(writeAnimation("a.gif", ["x.png"], { delay: [1, 2] }), /1 delays/);
});

Deno.test("writeAnimation() refuses what a format can't hold in its own words", async () => {
  const frame = (width: number, height: number) => ({
    ...{ pixels: new Uint8Array(width * height), width, height, channels: 1 as const },
  });
  await assert.rejects(writeAnimation("a.webp", [frame(4, 1)], { size: 17_000 }), {
    message: "Cannot write a.webp: expected frames of 1 … 16383 px a side, received 17000×4250 px",
  });
  await assert.rejects(writeAnimation("a.gif", [frame(4, 1)], { size: 1 }), {
    message: "Cannot write a.gif: expected frames of 1 … 65535 px a side, received 1×0 px",
  });
  await assert.rejects(writeAnimation("a.gif", [frame(4, 1)], { delay: 100_000 }), {
    message: "Cannot write a.gif: expected delays of 0 … 65535 ms, received 100000",
  });
});

Deno.test("gridSize() is that of the picture, and refuses one that no PNG holds", () => {
  const options = { columns: 2, scale: 3, gap: 1 };
  assert.deepEqual(gridSize([3, 4, 5, 1], options), { ...options, width: 33, height: 27 });
  const { width, height } = renderGrid({
    data: new Float32Array(60),
    shape: [3, 4, 5, 1],
  }, options);
  assert.deepEqual([width, height], [33, 27]);
  const refused = /^RangeError: Cannot draw a grid: expected at most 268 megapixels and 1000000 px/;
  for (const given of [{ scale: 100_000 }, { columns: 1e9 }, { columns: 250_001 }]) {
    assert.throws(() => gridSize([4, 4, 4, 3], given), refused);
  }
  assert.equal(gridSize([4, 4, 4, 3], { columns: 250_000 }).width, 1_000_000);
});
