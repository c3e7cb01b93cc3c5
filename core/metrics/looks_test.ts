import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { Random, seedFor } from "../random.ts";
import { LOOKS, looksOf } from "./looks.ts";

await tf.setBackend("cpu");
const SIDE = 6;

/** Looks by name of one image, given as a function of row, column and channel. */
function looks(value: (row: number, column: number, channel: number) => number) {
  const data = Array.from(
    { length: SIDE * SIDE * 3 },
    (_, i) => value(Math.floor(i / 3 / SIDE), Math.floor(i / 3) % SIDE, i % 3),
  );
  const numbers = tf.tidy(() => looksOf(tf.tensor4d(data, [1, SIDE, SIDE, 3])).dataSync());
  return Object.fromEntries(LOOKS.map((name, i) => [name, numbers[i]!])) as Record<
    typeof LOOKS[number],
    number
  >;
}
const near = (a: number, b: number) => assert(Math.abs(a - b) < 1e-3, `${a} and ${b}`);

Deno.test("brightness and colourfulness are means, contrast is a deviation", () => {
  const { brightness, contrast, colourfulness } = looks((row, _, channel) =>
    (row < 3 ? 0.5 : -0.1) + (channel - 1) * 0.3
  );
  near(brightness, 0.2);
  near(contrast, Math.hypot(0.3, 0.01)); // and a little, against division by 0
  near(colourfulness, 0.2); // of 0.3, 0 and 0.3
});

Deno.test("a brighter top, left or middle is told apart, and does not change with contrast", () => {
  const top = looks((row) => row < 3 ? 1 : -1), left = looks((_, column) => column < 3 ? 1 : -1);
  near(top.top, 2);
  near(top.left, 0);
  near(left.left, 2);
  near(left.top, 0);
  near(looks((row) => row < 3 ? 0.2 : -0.2).top, 0.4 / Math.sqrt(0.2 ** 2 + 1e-4));
  const inner = (x: number) => x > 0 && x < SIDE - 1;
  assert(looks((row, column) => inner(row) && inner(column) ? 1 : -1).middle > 0.5);
});

Deno.test("an image that its mirror image equals is 0 from mirrored", () => {
  near(looks((row, column) => Math.abs(column - 2.5) + row).mirrored, 0);
  assert(looks((_, column) => column).mirrored > 1);
});

Deno.test("edges turn by twice the angle: a turn by a quarter changes their sign", () => {
  const noise = new Random(seedFor(1, "x")).normals(SIDE * SIDE);
  const ramp = (row: number, column: number) =>
    3 * column + 2 * row + 0.1 * noise[row * SIDE + column]!;
  const straight = looks(ramp);
  const turned = looks((row, column) => ramp(SIDE - 1 - column, row)); // x' = y, y' = -x
  assert(Math.abs(straight["edges/cosine"] - 5 / 13) < 0.05, `${straight["edges/cosine"]}`);
  assert(Math.abs(straight["edges/sine"] - 12 / 13) < 0.05, `${straight["edges/sine"]}`);
  assert(Math.abs(turned["edges/cosine"] + 5 / 13) < 0.05, `${turned["edges/cosine"]}`);
  assert(Math.abs(turned["edges/sine"] + 12 / 13) < 0.05, `${turned["edges/sine"]}`);
});
