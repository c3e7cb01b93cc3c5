import assert from "node:assert/strict";
import { boxOf, cropMatrix, frameOf, LEAST_BOX, pasteLines } from "./box.ts";
import { rasterize } from "./rasterize.ts";

const near = (received: ArrayLike<number>, expected: ArrayLike<number>) => {
  assert.equal(received.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(received[i]! - expected[i]!);
    assert.ok(apart < 1e-5, `${i}: expected ${expected[i]}, received ${received[i]}`);
  }
};

Deno.test("boxOf() is the middle and the size of all points, after the matrix", () => {
  const lines = [Float32Array.of(0.25, 0.5, 0.5, 0.75), Float32Array.of(0.75, 0.25, 0.5, 0.5)];
  near(boxOf(lines), [0.5, 0.5, 0.5, 0.5]);
  // a quarter turn about the corner, scaled by half, shifted right: x' = 1 - y / 2, y' = x / 2
  const [x, y, width, height] = boxOf([Float32Array.of(0.25, 0.5, 0.75, 0.75)], [
    0,
    0.5,
    -0.5,
    0,
    1,
    0,
  ]);
  near([x, y, width, height], [1 - 0.625 / 2, 0.25, 0.125, 0.25]);
  near(boxOf([Float32Array.of(0.5, 0.5, 0.5, 0.5)]), [0.5, 0.5, LEAST_BOX, LEAST_BOX]);
  assert.throws(() => boxOf([]), /expected lines with points/);
});

Deno.test("a frame is a square about the box that the longer side fills to three quarters", () => {
  const { left, top, side } = frameOf([0.4, 0.6, 0.3, 0.15]);
  near([left, top, side], [0.2, 0.4, 0.4]);
  near([frameOf([0.5, 0.5, 0.01, 0.02]).side], [1 / 8]); // a dot isn't enlarged without end
});

Deno.test("what is cropped to a frame and pasted lies where it did", () => {
  const line = Float32Array.of(0.31, 0.42, 0.45, 0.6, 0.5, 0.38);
  const frame = frameOf(boxOf([line])), [a, b, c, d, e, f] = cropMatrix(frame);
  const cropped = new Float32Array(line.length);
  for (let i = 0; i < line.length; i += 2) {
    cropped[i] = a * line[i]! + c * line[i + 1]! + e;
    cropped[i + 1] = b * line[i]! + d * line[i + 1]! + f;
  }
  assert.ok(cropped.every((value) => value > 0.12 && value < 0.88), `${cropped}`);
  near(pasteLines([cropped], frame)[0]!, line);
});

Deno.test("cropMatrix() crops after a matrix: rasters of both ways are the same", () => {
  const line = Float32Array.of(0.3, 0.4, 0.5, 0.6), moved = Float32Array.of(0.4, 0.3, 0.6, 0.5);
  const frame = frameOf([0.5, 0.4, 0.3, 0.3]), how = { resolution: 16, lineWidth: 1 };
  const [once, twice] = [new Float32Array(256).fill(-1), new Float32Array(256).fill(-1)];
  rasterize([line], once, { ...how, matrix: cropMatrix(frame, [1, 0, 0, 1, 0.1, -0.1]) });
  rasterize([moved], twice, { ...how, matrix: cropMatrix(frame) });
  near(once, twice);
  assert.ok(once.some((value) => value > 0));
});
