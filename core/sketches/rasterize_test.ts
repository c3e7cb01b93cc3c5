import assert from "node:assert/strict";
import { rasterize } from "./rasterize.ts";

Deno.test("rasterize() draws ink by distance: a level line of 2 px", () => {
  const out = new Float32Array(64).fill(-1);
  // From (2, 4) to (6, 4) px: the centres of rows 3 and 4 are at a distance of 0.5, those of rows 2
  // and 5 at 1.5.
  rasterize([Float32Array.from([0.25, 0.5, 0.75, 0.5])], out, { resolution: 8, lineWidth: 2 });
  const at = (x: number, y: number) => out[y * 8 + x]!;
  assert.deepEqual([at(3, 3), at(4, 4), at(3, 2), at(3, 5)], [1, 1, -1, -1]);
  // The round cap: the centre of pixel (1, 3) is hypot(0.5, 0.5) from (2, 4).
  assert.ok(Math.abs(at(1, 3) - (Math.min(1, 1.5 - Math.SQRT1_2) * 2 - 1)) < 1e-6);
  assert.ok(Math.abs(at(0, 3) - -1) < 1e-6); // hypot(1.5, 0.5) is beyond 1.5
});

Deno.test("rasterize() covers as much as exact sampling says", () => {
  const line = Float32Array.from([0.2, 0.3, 0.8, 0.7]), resolution = 16, lineWidth = 3, fine = 8;
  const out = new Float32Array(resolution ** 2).fill(-1);
  rasterize([line], out, { resolution, lineWidth });
  const [x0, y0, x1, y1] = [...line].map((v) => v * resolution) as [number, number, number, number];
  const far = (x: number, y: number) => {
    const t = Math.max(
      0,
      Math.min(
        1,
        ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2),
      ),
    );
    return Math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0));
  };
  for (let i = 0; i < out.length; i++) {
    let inside = 0;
    for (let j = 0; j < fine * fine; j++) {
      const x = i % resolution + (j % fine + 0.5) / fine,
        y = Math.floor(i / resolution) + (Math.floor(j / fine) + 0.5) / fine;
      if (far(x, y) <= lineWidth / 2) inside++;
    }
    const apart = Math.abs((out[i]! + 1) / 2 - inside / fine ** 2);
    // a slanted edge crosses a pixel over at most sqrt(2) px
    assert.ok(apart < 0.16, `pixel ${i}: ${apart}`);
  }
});
