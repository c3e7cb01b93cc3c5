import assert from "node:assert/strict";
import { isVisible, paintOf } from "./svg_paint.ts";

/** Whether a shape with these attributes is visible in groups with those, the outermost first. */
function sees(...elements: Record<string, string>[]): boolean {
  let above = paintOf({}).paint;
  for (const attributes of elements) {
    const { paint, isDrawn } = paintOf(attributes, above);
    if (!isDrawn) return false;
    above = paint;
  }
  return isVisible(above);
}

const STROKED = { stroke: "red", fill: "none" };

Deno.test("a shape is seen by its stroke or its fill, and is not by neither", () => {
  assert.ok(sees({}), "black fill");
  assert.ok(sees(STROKED));
  assert.ok(!sees({ fill: "none" }));
  assert.ok(!sees({ stroke: "transparent", fill: "none" }));
  assert.ok(!sees({ ...STROKED, "stroke-opacity": "0" }));
  assert.ok(!sees({ ...STROKED, "stroke-width": "0px" }));
  assert.ok(sees({ stroke: "red", "stroke-opacity": "0" }), "black fill");
  assert.ok(!sees({ stroke: "red", "stroke-opacity": "0%", "fill-opacity": "0.0" }));
  assert.ok(sees({ ...STROKED, "stroke-opacity": "0.01", opacity: "0.01" }));
});

Deno.test(
  "display and opacity take away all that an element holds, visibility can be given " +
    "back",
  () => {
    for (const hidden of [{ display: "none" }, { style: "display:none" }, { opacity: "0" }]) {
      assert.ok(!sees({ ...STROKED, ...hidden } as Record<string, string>));
      assert.ok(!sees(hidden as Record<string, string>, {}, { ...STROKED, display: "inline" }));
    }
    for (const visibility of ["hidden", "collapse"]) {
      assert.ok(!sees({ visibility }, {}, STROKED));
      assert.ok(sees({ visibility }, { ...STROKED, visibility: "visible" }));
      assert.ok(!sees({ visibility }, { ...STROKED, visibility: "inherit" }));
    }
  },
);

Deno.test(
  "style comes before attributes, the last of a name counts, in any case of " +
    "letters",
  () => {
    assert.ok(sees({ ...STROKED, display: "none", style: "display:inline" }));
    assert.ok(!sees({ ...STROKED, style: "display:inline; DISPLAY : None !important;" }));
    assert.ok(!sees({ style: "fill:none;stroke:red" }, { style: "stroke:none" }));
    assert.ok(!sees({ ...STROKED, style: "stroke-opacity:0" }));
    assert.ok(!sees({ display: "none", style: "display:;fill:" }), "no value is no declaration");
    assert.ok(sees({ ...STROKED, style: "stroke-opacity:0" }, { style: "fill:url(#a)" }));
  },
);
