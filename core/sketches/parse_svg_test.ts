import assert from "node:assert/strict";
import { DrawingError } from "./drawing.ts";
import { parseSvg } from "./parse_svg.ts";

const svg = (body: string, attributes = 'fill="none" stroke="black"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" ${attributes}>${body}</svg>`;

Deno.test("each visible shape of an SVG is a part; boxes without paint are dropped", () => {
  const shapes = '<path stroke="none" d="M0 0h24v24H0z" fill="none"/><path d="M5 3v18"/>' +
    '<g transform="translate(1 1)"><circle cx="5" cy="5" r="2"/><rect x="1" y="1" width="4" height="3"/></g>' +
    '<line x1="0" y1="0" x2="3" y2="3"/><polyline points="1,1 2,2 3,1"/><polygon points="1 1 2 2 3 1"/>' +
    '<ellipse cx="3" cy="3" rx="2" ry="1"/><title>name</title><defs><circle r="1"/></defs>';
  const drawing = parseSvg(svg(shapes), "a.svg", { label: "tools" });
  assert.equal(drawing.parts.length, 7);
  assert.ok(drawing.parts.every(({ label }) => label === "tools"));
  assert.equal(drawing.ordered, false);
  const all = drawing.parts.flatMap(({ lines }) => lines.flatMap((points) => [...points]));
  assert.ok(all.every((v) => v >= 0.0999 && v <= 0.9001), "inside the margin");
});

Deno.test("round dots of an SVG are parts; subpaths of one point are left out and told", () => {
  let dots = 0;
  const body =
    '<path d="M12 12v.01"/><path d="M7 7"/><path d="M1 1M2 2h3"/><polyline points="4 4"/>';
  const { parts } = parseSvg(svg(body), "a.svg", { onDot: () => dots++ });
  assert.deepEqual([parts.length, dots], [2, 3]);
});

Deno.test("an SVG that is damaged, too large or none is refused", () => {
  const bad: [string, RegExp][] = [
    [svg('<path d="M0 0h1"'), /damaged/],
    [svg('<path d="M0 0 L oops"/>'), /damaged path/],
    [svg(""), /empty drawing/],
    ["<html></html>", /<html>, not an SVG/],
    [svg(`<path d="M0 0${"l1 1".repeat(21_000)}"/>`), /more than 20000 points/],
    [svg("<g>".repeat(110) + "</g>".repeat(110)), /nested/],
    [svg('<path d="M0 0h1v1"/>'.repeat(600)), /512 parts/],
    [svg("<g/>".repeat(100_001)), /100000 elements/],
    [svg('<circle r="x"/>'), /a <circle> whose r is no number/],
    [svg('<path d="M0 0h9"/>'.padEnd(8_000_000)), /more than 8 MB/],
  ];
  for (const [text, reason] of bad) {
    assert.throws(() => parseSvg(text, "a.svg"), (error: Error) => {
      assert.ok(error instanceof DrawingError, String(error.stack));
      assert.match(error.message, reason);
      return true;
    });
  }
});

Deno.test("what a drawing program adds to an SVG is skipped; shapes with the svg prefix are drawn", () => {
  const added =
    '<sodipodi:namedview id="base"><inkscape:grid type="xygrid"/></sodipodi:namedview>' +
    '<defs/><style>.a { fill: url(#b) }</style><clipPath id="c"><rect width="9" height="9"/></clipPath>' +
    '<metadata><rdf:RDF><cc:Work rdf:about=""/></rdf:RDF></metadata>';
  const shapes = '<path d="M1 1h9" inkscape:label="x"/><svg:path d="M1 1v9"/>';
  assert.equal(parseSvg(svg(added + shapes), "a.svg").parts.length, 2);
});

Deno.test("hidden shapes and layers of an SVG are no parts, whatever they hold", () => {
  const shape = '<path d="M1 1h9"/>', hidden = '<path d="M1 1h99"';
  const body = `${shape}${hidden} display="none"/>${hidden} style="opacity:0"/>` +
    `${hidden} stroke-opacity="0"/>${hidden} visibility="hidden"/>` +
    `<g style="display:none" inkscape:groupmode="layer"><g>${hidden}/><image href="a.png"/></g></g>` +
    `<g visibility="hidden">${hidden}/><path d="M1 1v9" visibility="visible"/></g>`;
  const { parts } = parseSvg(svg(body), "a.svg");
  assert.equal(parts.length, 2);
  const right = Math.max(...parts.flatMap(({ lines }) => lines.flatMap((points) => [...points])));
  assert.ok(Math.abs(right - 0.9) < 1e-6, "fitted by what is seen: 9 by 9");
  assert.throws(() => parseSvg(svg(`<g opacity="0">${shape}</g>`), "a.svg"), /an empty drawing/);
});

Deno.test("an SVG in an SVG is drawn in its place, within transforms; without a known place it is refused", () => {
  // (0, 0) … (4, 4) of the inside: scaled by two in 8 by 8 at (10, 10), then moved by (2, 0).
  const inner = '<path d="M0 0L4 4"/><svg x="50%" width="2" viewBox="0 0 0 0"/>';
  const body = '<path d="M0 0L20 20"/><g transform="translate(2 0)">' +
    `<svg x="10" y="10" width="8" height="8" viewBox="0 0 4 4">${inner}</svg></g>`;
  const { parts } = parseSvg(svg(body), "a.svg");
  const place = (v: number) => 0.1 + 0.8 * v / 20; // fitted by (0, 0) … (20, 20)
  const expected = [12, 10, 20, 18].map(place);
  parts[1]!.lines[0]!.forEach((v, i) => assert.ok(Math.abs(v - expected[i]!) < 1e-6, `${i}: ${v}`));
  assert.throws(() => parseSvg(svg(`<svg x="1x">${inner}</svg>`), "a.svg"), {
    name: "DrawingError",
    message: /place is not known/,
  });
});
