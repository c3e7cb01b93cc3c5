import assert from "node:assert/strict";
import { parseSvg } from "./parse_svg.ts";
import { parseStyleSheet, styleOf } from "./svg_style_sheet.ts";

const of = (css: string, name: string, classes?: string) =>
  styleOf(parseStyleSheet(css), { name, classes });

Deno.test("a style sheet applies by name, by class and by both; of two, the one that says more", () => {
  const css = ".a, rect { display: none } path { display: inline; FILL: Red }";
  assert.deepEqual(of(css, "path"), { display: "inline", fill: "red" });
  assert.deepEqual(of(css, "path", "b a"), { display: "none", fill: "red" });
  assert.deepEqual(of(css, "rect"), { display: "none" });
  assert.deepEqual(of(css, "line", "b"), {});
  assert.deepEqual(of(".a{fill:none}.b{fill:red}", "g", "b a"), { fill: "red" }, "the last rule");
  assert.deepEqual(of("g.a{fill:none}.a{fill:red}", "g", "a"), { fill: "none" }, "more than .a");
  assert.deepEqual(of(".A{fill:none}", "g", "a"), {}, "classes keep their case");
});

Deno.test("a style sheet's comments, at-rules, other selectors and damaged ends are passed over", () => {
  const css = `@charset "utf-8"; /* .a{fill:none} */ @media print { .a { fill: none } }
    g > .a { fill: none } .a .b { fill: none } .a:hover { fill: none } #a { fill: none }
    .a { font: 9px; fill: blue; stroke: } } .b { fill: none /* `;
  assert.deepEqual(of(css, "g", "a b"), { fill: "blue" });
});

Deno.test("a style sheet that is all marks is read in time that grows as its length", () => {
  const from = performance.now();
  for (const part of ["/*", "@a{", "{", "}", ".a{fill:none}", ".a,", ".a ", ";@"]) {
    parseStyleSheet(part.repeat(1_000_000 / part.length));
  }
  assert.ok(performance.now() - from < 20_000);
});

Deno.test("parseSvg() leaves out what a style sheet hides, wherever the sheet stands", () => {
  const shapes = `<g class="st0"><path d="M0 0h9"/></g><path class="st1" d="M0 0v9"/>
    <rect class="st2" width="5" height="5" style="stroke:red"/><path d="M0 0h5v9"/>`;
  const css = ".st0{display:none;}.st1{fill:none;}.st2{fill:none;stroke:none}";
  const count = (inside: string) =>
    parseSvg(`<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`, "a.svg").parts.length;
  assert.equal(count(shapes), 4);
  assert.equal(count(`<style type="text/css">${css}</style>${shapes}`), 2);
  assert.equal(count(`${shapes}<defs><style><![CDATA[${css}]]></style></defs>`), 2);
  assert.equal(count(`<style media="print">${css}</style>${shapes}`), 4);
  assert.equal(count(`<style>path{stroke-width:0}.st1{opacity:0}</style>${shapes}`), 3);
});
