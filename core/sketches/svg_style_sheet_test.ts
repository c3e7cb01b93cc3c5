import assert from "node:assert/strict";
import process from "node:process";
import { DrawingError } from "./drawing.ts";
import { parseSvg } from "./parse_svg.ts";
import { type StyledElement, styledElement } from "./svg_selector.ts";
import { StyleSheet } from "./svg_style_sheet.ts";

/** @param text e.g. "g#a.b.c" */
function element(text: string): StyledElement {
  const [, name = "", id, classes = ""] = /^(\w+)(?:#(\w+))?([.\w]*)$/.exec(text) ?? [];
  return styledElement(name, { ...id && { id }, class: classes.replaceAll(".", " ") });
}

/** The declarations for the last element of a path such as "svg g.a path#b". */
function of(css: string, path: string): Record<string, string> {
  const declared = new StyleSheet(css).styleOf(() => path.split(" ").map(element));
  return Object.fromEntries([...declared].map(([name, { value }]) => [name, value]));
}

Deno.test(
  "a style sheet applies by name, by class and by both; of two, the one that says " +
    "more",
  () => {
    const css = ".a, rect { display: none } path { display: inline; FILL: Red }";
    assert.deepEqual(of(css, "path"), { display: "inline", fill: "red" });
    assert.deepEqual(of(css, "path.b.a"), { display: "none", fill: "red" });
    assert.deepEqual(of(css, "rect"), { display: "none" });
    assert.deepEqual(of(css, "line.b"), {});
    assert.deepEqual(of(".a{fill:none}.b{fill:red}", "g.b.a"), { fill: "red" }, "the last rule");
    assert.deepEqual(of("g.a{fill:none}.a{fill:red}", "g.a"), { fill: "none" }, "more than .a");
    assert.deepEqual(of(".A{fill:none}", "g.a"), {}, "classes keep their case");
  },
);

Deno.test(
  "ids come before classes, classes before names, and all before *, however many there " +
    "are",
  () => {
    const css = `#i { fill: id } .a.b.c { fill: three } .a.b { fill: two } .b { fill: one }
    svg g path { fill: names } path { fill: name } * { fill: any; stroke: any }`;
    assert.deepEqual(of(css, "svg"), { fill: "any", stroke: "any" });
    const fill = (path: string) => of(css, path).fill;
    assert.deepEqual([fill("path"), fill("svg g a path")], ["name", "names"]);
    assert.deepEqual([fill("svg g path.b"), fill("g.b.a"), fill("g.c.b.a")], [
      "one",
      "two",
      "three",
    ]);
    assert.equal(fill("path#i.a.b.c"), "id");
  },
);

Deno.test("a space is inside, > is directly inside, and a list applies one by one", () => {
  const css = "g > path, .a rect, .a > g  g > line { fill: none }";
  const applies = (path: string) => of(css, path).fill === "none";
  assert.ok(applies("g path") && applies("path g path"));
  assert.ok(!applies("g a path") && !applies("path") && !applies("path g"));
  assert.ok(applies("g.a rect") && applies("g.a g g rect"));
  assert.ok(!applies("g rect.a") && !applies("rect"));
  assert.ok(
    applies("svg.a g g line") && applies("svg.a g a g line") && applies("g.a g.a a g line"),
  );
  assert.ok(
    !applies("svg.a a g g line") && !applies("svg.a g line") && !applies("svg.a g g a line"),
  );
});

Deno.test(
  "what is important comes before what says more, before what is last, and before a " +
    "style",
  () => {
    const important = ".a { fill: none ! Important; fill: red } #i { fill: blue }";
    assert.deepEqual(of(important, "g#i.a"), { fill: "none" });
    assert.deepEqual(of("#i{fill:a!important} .a{fill:b!important}", "g#i.a"), { fill: "a" });
    assert.deepEqual(of(".a{fill:none !ie; stroke: !important; opacity:0}", "g.a"), {
      opacity: "0",
    });
    const count = (css: string, style: string) =>
      parseSvg(
        `<svg xmlns="http://www.w3.org/2000/svg"><style>${css}</style><path d="M0 0h9"/>` +
          `<path d="M0 0v9" class="a" display="inline" style="${style}"/></svg>`,
        "a.svg",
      ).parts.length;
    assert.equal(count(".a{display:none}", ""), 1, "before an attribute");
    assert.equal(count(".a{display:none}", "display:inline"), 2);
    assert.equal(count(".a{display:none!important}", "display:inline"), 1);
    assert.equal(count(".a{display:none!important}", "display:inline!important"), 2);
  },
);

Deno.test("a style sheet's comments, at-rules, other selectors and damaged ends are skipped", () => {
  const css = `@charset "utf-8"; /* .a{fill:none} */ @media print { .a { fill: none } }
    g + .a { fill: none } .a:hover { fill: none } [id] { fill: none } .a::before { fill: none }
    .a, > g { fill: none } g > { fill: none } .a, { fill: none } .a $ g { fill: none }
    .a:first-child, .a { font: 9px; fill: blue; stroke: } } .b { fill: none /* `;
  assert.deepEqual(of(css, "svg.b g#a.a.b"), { fill: "blue" });
});

Deno.test("a style sheet that is all marks is read in time that grows as its length", () => {
  const from = process.threadCpuUsage();
  for (const part of ["/*", "@a{", "{", "}", ".a{fill:none}", ".a,", ".a ", ";@", ":not(", "*>"]) {
    for (const end of ["", "a{fill:none}"]) {
      new StyleSheet(part.repeat(500_000 / part.length) + end);
    }
  }
  assert.ok(process.threadCpuUsage(from).user < 20e6); // µs; squares of lengths would take hours
});

Deno.test("a style sheet that asks for too many comparisons is refused", () => {
  const from = process.threadCpuUsage();
  for (const selector of ["g g", "* ".repeat(5000), ".a".repeat(5000), ".b .a"]) {
    const css = `${selector}{fill:red}`.repeat(300_000 / selector.length / 3);
    const classes = `class="b ${"a ".repeat(20_000)}"`, some = '<g class="a"/>'.repeat(20_000);
    const text = `<svg xmlns="http://www.w3.org/2000/svg"><style>${css}</style><g ${classes}>` +
      `<g ${classes}>${some}</g></g></svg>`;
    assert.throws(
      () => parseSvg(text, "a.svg"),
      new DrawingError("an SVG with too many style rules"),
    );
  }
  assert.ok(process.threadCpuUsage(from).user < 20e6); // µs; squares of lengths would take hours
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
  assert.equal(count(`<style>svg > g path, svg > rect{display:none}</style>${shapes}`), 2);
  assert.equal(count(`<style>svg * {fill:none}</style>${shapes}`), 1, "the rect has a stroke");
});
