import assert from "node:assert/strict";
import { nestedViewport, outermostViewport } from "./svg_viewport.ts";

const outside = { width: 200, height: 100 };

/** The outside position of (x, y) inside. */
function placeOf(attributes: Record<string, string>, [x, y]: [number, number]): [number, number] {
  const { transform } = nestedViewport(attributes, outside)!;
  const [a, b, c, d, e, f] = transform.slice("matrix(".length, -1).split(" ").map(Number);
  assert.deepEqual([b, c], [0, 0]);
  return [a! * x + e!, d! * y + f!];
}

Deno.test("a nested <svg> moves by x and y, in numbers, px or % of the one around it", () => {
  assert.deepEqual(placeOf({}, [1, 2]), [1, 2]);
  assert.deepEqual(placeOf({ x: "10", y: "-5px", width: "7" }, [1, 2]), [11, -3]);
  assert.deepEqual(placeOf({ x: "10%", y: "10%" }, [1, 2]), [21, 12]);
  assert.deepEqual(placeOf({ viewBox: "0 0 2 1" }, [1, 1]), [100, 100], "100 % wide and high");
});

Deno.test("a nested <svg> fits its viewBox into its sides as preserveAspectRatio says", () => {
  // 20 by 10 from (5, 5) in 40 by 80 at (100, 0): scaled by two, with 60 left over below.
  const box = { x: "100", width: "40", height: "80", viewBox: "5,5 20 10" };
  const corner = (preserveAspectRatio: string) => placeOf({ ...box, preserveAspectRatio }, [5, 5]);
  assert.deepEqual(placeOf(box, [5, 5]), [100, 30]);
  assert.deepEqual(placeOf(box, [25, 15]), [140, 50]);
  assert.deepEqual(corner("xMidYMin meet"), [100, 0]);
  assert.deepEqual(corner("xMidYMax"), [100, 60]);
  // Scaled by eight: 160 wide, 120 more than the available width.
  assert.deepEqual(corner("xMinYMid slice"), [100, 0]);
  assert.deepEqual(corner("xMidYMid slice"), [40, 0]);
  assert.deepEqual(corner("xMaxYMid slice"), [-20, 0]);
  assert.deepEqual(placeOf({ ...box, preserveAspectRatio: "none" }, [25, 15]), [140, 80]);
});

Deno.test(
  "a nested <svg> without a side draws nothing; one whose place is not known is " +
    "refused",
  () => {
    assert.equal(nestedViewport({ width: "0" }, outside), undefined);
    assert.equal(nestedViewport({ height: "0%" }, outside), undefined);
    const unknown = outermostViewport({ width: "21cm" }).box;
    assert.ok(nestedViewport({ x: "3" }, unknown), "a move needs no sides");
    for (const attributes of [{ x: "1x" }, { y: "5%" }, { viewBox: "0 0 9 9" }]) {
      assert.throws(() => nestedViewport(attributes as Record<string, string>, unknown), {
        name: "DrawingError",
        message: /place is not known/,
      });
    }
    assert.throws(() => nestedViewport({ width: "-1", viewBox: "0 0 9 9" }, outside), /not known/);
  },
);

Deno.test("the outermost <svg> has the sides of its viewBox, else its own", () => {
  const sides = { width: "30px", height: "20" }, own = { left: 0, top: 0, width: 30, height: 20 };
  assert.deepEqual(outermostViewport(sides).box, own);
  const { box } = outermostViewport({ ...sides, viewBox: "-1 0 3 2" });
  assert.deepEqual(box, { left: -1, top: 0, width: 3, height: 2 });
  for (const viewBox of ["0 0 3", "0 0 0 2", "0 0 3 2 1", "none"]) {
    assert.deepEqual(outermostViewport({ ...sides, viewBox }).box, own, viewBox);
  }
  const inches = outermostViewport({ width: "1in", height: "25.4mm" }).box;
  assert.deepEqual([inches.width, Math.round(inches.height)], [96, 96]);
});

Deno.test("sides of another shape than the viewBox stretch it where they should", () => {
  const sides = { width: "200", height: "50", viewBox: "0 0 10 10" };
  assert.equal(outermostViewport(sides).transform, "");
  const { transform } = outermostViewport({ ...sides, preserveAspectRatio: "none" });
  assert.equal(transform, "scale(1 0.25)");
});
