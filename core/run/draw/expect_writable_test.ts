import assert from "node:assert/strict";
import { RunError } from "../run_error.ts";
import { expectGrid } from "./expect_writable.ts";
import { animationShape } from "./walk.ts";

Deno.test("a grid that can't be written is refused by its flags before it is drawn", () => {
  const run = { resolution: 32 };
  expectGrid(run, 64, {});
  expectGrid(run, 64, { columns: 8, scale: 20 });
  for (const flags of [{ scale: 100_000 }, { columns: 1_000_000_000 }]) {
    assert.throws(() => expectGrid(run, 4, flags), (error: Error) => {
      assert(error instanceof RunError);
      assert.match(error.message, /at most 268 megapixels .*, received .* Use a smaller --scale/);
      return true;
    });
  }
});

Deno.test("an animation that can't be written is refused by its flags before it is drawn", () => {
  const run = { resolution: 32 }, wide = { columns: 20, rows: 1 }, tall = { columns: 1, rows: 4 };
  assert.deepEqual(animationShape(run, "a.webp", 9, {}), { size: 128, delay: 50 });
  assert.deepEqual(animationShape(run, "a.gif", 9, { size: 17_000, grid: wide }).size, 17_000);
  const refused: [Parameters<typeof animationShape>[3], number, RegExp][] = [
    [{ size: 17_000, grid: wide }, 9, /1 … 16383 px a side, received 17000×850 px.* --size$/],
    [{ size: 1, grid: tall }, 9, /1 … 16383 px a side, received 0×1 px. Use another --size$/],
    [{ fps: 0.01 }, 9, /at most, received 0.01 frames a second. Use a higher --fps$/],
    [{ fps: NaN }, 9, /received NaN frames a second/],
    [{}, 100_000, /300 million pixels.* 100000 frames.* smaller --size or fewer --frames$/],
  ];
  for (const [options, frames, message] of refused) {
    assert.throws(() => animationShape(run, "a.webp", frames, options), (error: Error) => {
      assert(error instanceof RunError);
      assert.match(error.message, message);
      return true;
    });
  }
});
