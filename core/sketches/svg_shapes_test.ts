/** Reads SVGs as drawing programs write them. */
import assert from "node:assert/strict";
import { parseSvg } from "./parse_svg.ts";
import { shapesOfSvg } from "./svg_shapes.ts";

const svg = (body: string, attributes = 'viewBox="0 0 100 100"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${attributes} fill="none" stroke="#000">${body}</svg>`;
const SHAPES = '<path d="M10 10h80"/><path d="M60 60l30 30"/>';

/** Lines of an SVG in user units, rounded to a thousandth, and the reported omissions. */
function read(text: string): { lines: number[][][]; told: string[] } {
  const told: string[] = [];
  const { shapes } = shapesOfSvg(text, { onLeftOut: (what) => told.push(what) });
  const rounded = (v: number) => Math.round(v * 1000) / 1000 + 0; // no -0
  return { lines: shapes.map((lines) => lines.map((line) => line.map(rounded))), told };
}

const PLAIN = read(svg(SHAPES)).lines;

Deno.test("what draws no line is skipped, and what draws something else is told once by its kind", () => {
  const nothing = '<linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient>' +
    '<radialGradient id="b"/><pattern id="c"><path d="M0 0h9"/></pattern><script>1</script>' +
    '<mask id="m"><rect width="9" height="9"/></mask><filter id="f"><feBlend/></filter>' +
    '<clipPath id="p"><rect width="9" height="9"/></clipPath><symbol id="s"><path d="M0 0h9"/></symbol>' +
    '<marker id="r"><path d="M0 0h9"/></marker><metadata><path d="M0 0h9"/></metadata><title>x</title>' +
    '<style>path{fill:none}</style><animate/><x:y xmlns:x="urn:x"><path d="M0 0h9"/></x:y>' +
    '<div xmlns="http://www.w3.org/1999/xhtml"><path d="M0 0h9"/></div><i:pgf id="adobe"/><unknown/>';
  assert.deepEqual(read(svg(nothing + SHAPES)), { lines: PLAIN, told: [] });
  const others: [string, string][] = [
    ['<text x="5" y="95" fill="red"><tspan>1</tspan></text><text>2</text>', "text"],
    ['<image href="file:///etc/passwd"/>', "a picture"],
    [
      '<svg:image xmlns:svg="http://www.w3.org/2000/svg" href="http://example.com/a.png"/>',
      "a picture",
    ],
    ['<foreignObject width="1" height="1"><p>1</p></foreignObject>', "foreign content"],
    ['<use href="http://example.com/a.svg#x"/>', "what another file draws"],
    ['<use href="other.svg#x"/>', "what another file draws"],
    ['<use href="#none"/>', "what the file refers to but lacks"],
    ['<rect width="100" height="100" fill="#fff" stroke="none"/>', "a background"],
    ['<path d="M0 0h100v100H0z" style="fill:white;stroke:none"/>', "a background"],
    ["<style>@import url(http://example.com/a.css);</style>", "a style sheet of another file"],
  ];
  for (const [body, what] of others) {
    const told = [`${what}, left out of its drawing`];
    assert.deepEqual(read(svg(body + SHAPES)), { lines: PLAIN, told }, body);
  }
  assert.deepEqual(read(svg(`<text display="none">1</text>${SHAPES}`)).told, []);
  const arrow = '<path d="M60 60l30 30" marker-end="url(#r)"/>';
  assert.deepEqual(read(svg(arrow)).told, ["arrowheads, left out of its drawing"]);
});

Deno.test("a rectangle that is stroked, or does not fill the whole, is no background", () => {
  for (
    const rect of [
      '<rect width="100" height="100" fill="#fff"/>',
      '<rect width="90" height="100" fill="#fff" stroke="none"/>',
    ]
  ) assert.equal(read(svg(rect + SHAPES)).lines.length, 3, rect);
});

Deno.test("use draws an element again in its place, with what it inherits there", () => {
  const defs = '<defs><path id="q" d="M0 0h20"/><g id="n"><use xlink:href="#q" y="1"/></g></defs>';
  const cases: [string, number[][][]][] = [
    ['<use href="#q" x="30" y="30"/>', [[[30, 30, 50, 30]]]],
    ['<use xlink:href="#q" transform="scale(2)" x="1em"/>', [[[32, 0, 72, 0]]]],
    ['<g transform="translate(5 5)"><use href="#n" x="10%"/></g>', [[[15, 6, 35, 6]]]],
    ['<use href="#q" visibility="hidden"/><use href="#q" display="none"/>', []],
    ['<use href="#q" stroke="none"/>', []],
  ];
  for (const [body, lines] of cases) assert.deepEqual(read(svg(defs + body)).lines, lines, body);
});

Deno.test("a symbol is drawn where it is used alone, its viewBox fitted into the sides of the use", () => {
  const symbol = '<symbol id="s" viewBox="0 0 10 5"><path d="M0 0L10 5"/></symbol>';
  assert.deepEqual(read(svg(symbol + SHAPES)).lines, PLAIN);
  // 10 by 5 in 40 by 40 at (10, 20): scaled by four, with 10 above.
  const use = '<use href="#s" x="10" y="20" width="40" height="40"/>';
  assert.deepEqual(read(svg(symbol + use)).lines, [[[10, 30, 50, 50]]]);
  const whole = read(svg(`${symbol}<use href="#s"/>`)).lines; // 100 % of 100 by 100
  assert.deepEqual(whole, [[[0, 25, 100, 75]]]);
  const nested =
    '<defs><svg id="s" width="1" height="1" viewBox="0 0 10 10"><path d="M0 0h10"/></svg></defs>';
  const sized = read(svg(`${nested}<use href="#s" width="50" height="50"/>`)).lines;
  assert.deepEqual(sized, [[[0, 0, 50, 0]]]);
});

Deno.test("a use of itself, at once or by others, is told and ends", () => {
  const told = ["what is used within itself, left out of its drawing"];
  for (
    const body of [
      `<g id="a">${SHAPES}<use href="#a"/></g>`,
      `<defs><g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></defs>${SHAPES}<use href="#a"/>`,
    ]
  ) assert.deepEqual(read(svg(body)), { lines: PLAIN, told }, body);
});

Deno.test("switch takes the first child that applies", () => {
  const wrong = '<path d="M0 0h9"/>';
  for (
    const body of [
      `<switch><g>${SHAPES}</g>${wrong}</switch>`,
      `<switch><foreignObject width="1" height="1"/><g>${SHAPES}</g>${wrong}</switch>`,
      `<switch><g requiredExtensions="http://ns.adobe.com/x/">${wrong}</g><g>${SHAPES}</g></switch>`,
      `<switch><g systemLanguage="de, fr">${wrong}</g><g systemLanguage="fr,en-GB">${SHAPES}</g></switch>`,
      `<switch><i:x xmlns:i="urn:i">${wrong}</i:x><g>${SHAPES}</g></switch>`,
    ]
  ) assert.deepEqual(read(svg(body)), { lines: PLAIN, told: [] }, body);
});

Deno.test("lengths are in user units, whatever they are written in", () => {
  const end = (x2: string, attributes?: string) =>
    read(svg(`<line y1="5" x2="${x2}"/>`, attributes)).lines[0]![0]![2];
  const inch = [
    "1in",
    "96",
    "96px",
    "25.4mm",
    "2.54cm",
    "72pt",
    "6pc",
    "101.6Q",
    "6em",
    "6rem",
    "12ex",
  ];
  for (const length of inch) assert.equal(end(length), 96, length);
  assert.equal(end("10%"), 10);
  assert.equal(end("10%", 'width="50mm" height="9"'), 18.898); // 5 mm
  assert.equal(end("2em", 'viewBox="0 0 9 9" style="font-size:20px"'), 40);
  const [rect] = read(svg('<rect x="10%" y="20%" width="30%" height="1cm"/>')).lines;
  assert.deepEqual(rect, [[10, 20, 40, 20, 40, 57.795, 10, 57.795, 10, 20]]);
  const [circle] = read(svg('<circle cx="50%" cy="50%" r="10%"/>', 'viewBox="0 0 30 40"')).lines;
  assert.ok(Math.abs(circle![0]![0]! - (15 - Math.hypot(30, 40) / Math.SQRT2 / 10)) < 1e-3);
  assert.throws(
    () => read(svg('<line x2="5%"/>', "")),
    /whose x2 is a part of a size that the file/,
  );
});

Deno.test("transforms are lists of CSS or of the attribute; what is none counts as none, as viewers take it", () => {
  const moved = (attribute: string) => read(svg(`<path d="M1 0h1" ${attribute}/>`)).lines[0]![0]!;
  const cases: [string, number[]][] = [
    ['transform="translate(10-20)scale(2)"', [12, -20, 14, -20]],
    ['transform="translate(10,20) , rotate(90)"', [10, 21, 10, 22]],
    ['transform="rotate(90 1 1)"', [2, 1, 2, 2]],
    ['transform="matrix(1 0 0 1 5 6)"', [6, 6, 7, 6]],
    ['style="transform: translateX(1in) rotate(.25turn)"', [96, 1, 96, 2]],
    ['style="transform:translate(5px, 6px)" transform="scale(9)"', [6, 6, 7, 6]],
    ['transform="rotate(100grad)"', [0, 1, 0, 2]],
    ['transform="scale(2"', [1, 0, 2, 0]],
    ['transform="none"', [1, 0, 2, 0]],
    ['style="transform:translate(50%)"', [1, 0, 2, 0]],
  ];
  for (const [attribute, line] of cases) assert.deepEqual(moved(attribute), line, attribute);
});

Deno.test("corners of a rectangle are as round as they are", () => {
  const [round] = read(svg('<rect x="10" y="10" width="40" height="20" rx="9"/>')).lines;
  const [pill] = read(svg('<rect x="10" y="10" width="40" height="20" rx="99"/>')).lines;
  const has = (lines: number[][], x: number, y: number) =>
    lines[0]!.some((_, i) =>
      i % 2 === 0 && Math.hypot(lines[0]![i]! - x, lines[0]![i + 1]! - y) < 0.01
    );
  assert.ok(has(round!, 19, 10) && has(round!, 10, 19) && !has(round!, 10, 10));
  assert.ok(
    has(pill!, 30, 10) && has(pill!, 10, 20),
    "rx up to half of the width, ry of the height",
  );
});

/** Files as programs write them, with two shapes each. */
const WRITTEN: Record<string, string> = {
  KanjiVG: `<?xml version="1.0" encoding="UTF-8"?>
<!-- Copyright > "quote -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.0//EN" "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd" [
<!ATTLIST g
xmlns:kvg CDATA #FIXED "http://kanjivg.tagaini.net"
kvg:element CDATA #IMPLIED >
]>
<svg xmlns="http://www.w3.org/2000/svg" width="109" height="109" viewBox="0 0 109 109">
<g id="kvg:StrokePaths_04e00" style="fill:none;stroke:#000000;stroke-width:3"><g id="kvg:04e00" kvg:element="x">
<path id="kvg:04e00-s1" kvg:type="a" d="M11,54.25c3.19,0.62,6.25,0.75,9.73,0.5"/><path d="M54,12c2,20,1,60,0,80"/></g></g>
<g id="kvg:StrokeNumbers_04e00" style="font-size:8;fill:#808080"><text transform="matrix(1 0 0 1 4.25 54.13)">1</text></g>
</svg>`,
  Illustrator: `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
	<!ENTITY ns_extend "http://ns.adobe.com/Extensibility/1.0/">
	<!ENTITY ns_svg "http://www.w3.org/2000/svg">
	<!ENTITY st0 "fill:none;stroke:#000000;">
]>
<svg version="1.1" xmlns:x="&ns_extend;" xmlns="&ns_svg;" x="0px" y="0px" viewBox="0 0 100 100">
<switch><foreignObject requiredExtensions="http://ns.adobe.com/AdobeIllustrator/10.0/" width="1" height="1">
</foreignObject><g i:extraneous="self" xmlns:i="urn:i"><path style="&st0;" d="M10 10h80"/>
<line style="&st0;" x2="9" y2="9"/></g></switch><i:pgf xmlns:i="urn:i" id="adobe_illustrator_pgf"><![CDATA[x]]></i:pgf></svg>`,
  Inkscape: `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<svg width="210mm" height="297mm" viewBox="0 0 210 297" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
 xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" xmlns="http://www.w3.org/2000/svg"
 xmlns:svg="http://www.w3.org/2000/svg"><sodipodi:namedview id="base"><inkscape:grid/></sodipodi:namedview>
<defs id="defs1"><inkscape:path-effect effect="spiro"/><linearGradient id="l"/></defs>
<g inkscape:label="Layer 1" inkscape:groupmode="layer" id="layer1"><path style="fill:none;stroke:#000"
 d="M 10,10 50,90" inkscape:original-d="M 0,0"/><svg:ellipse cx="20" cy="30" rx="5" ry="9" style="fill:url(#l)"/></g></svg>`,
  Figma:
    `<svg width="24" height="24" viewBox="0 0 24 24" fill="none" xmlns="http://www.w3.org/2000/svg">
<g clip-path="url(#clip0_1_2)"><rect width="24" height="24" fill="white"/><mask id="m" fill="white"><path d="M0 0h9"/></mask>
<path d="M3 3L21 21" stroke="black" stroke-width="2"/><rect x="4" y="4" width="8" height="8" rx="4" fill="#D9D9D9" mask="url(#m)"/></g>
<defs><clipPath id="clip0_1_2"><rect width="24" height="24" fill="white"/></clipPath></defs></svg>`,
  potrace: `<?xml version="1.0" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 20010904//EN"
 "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd">
<svg version="1.0" xmlns="http://www.w3.org/2000/svg" width="256.000000pt" height="256.000000pt"
 viewBox="0 0 256.000000 256.000000" preserveAspectRatio="xMidYMid meet"><metadata>Created by potrace</metadata>
<g transform="translate(0.000000,256.000000) scale(0.100000,-0.100000)" fill="#000000" stroke="none">
<path d="M1100 2130 c-310 -60 -550 -290 -600 -590 l100 50z"/><path d="M1200 300 l80 0 0 -200 -80 0z"/></g></svg>`,
  lxml: `<ns0:svg xmlns:ns0="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><ns0:g stroke="red">
<ns0:path d="M0 0h9"/><ns0:polyline points="1,1 2,2"/></ns0:g></ns0:svg>`,
};

for (const [program, text] of Object.entries(WRITTEN)) {
  Deno.test(`an SVG as ${program} writes it has its shapes, within the square`, () => {
    const { parts } = parseSvg(text, "a.svg");
    assert.equal(parts.length, 2);
    const all = parts.flatMap(({ lines }) => lines.flatMap((line) => [...line]));
    assert.ok(all.every((v) => v >= 0.0999 && v <= 0.9001));
  });
}

Deno.test("entities of the file are put in, text or elements; those of other files are refused where they are used", () => {
  const typed = (declared: string, body: string) => `<!DOCTYPE svg [${declared}]>${svg(body)}`;
  const entities =
    `<!ENTITY a "10"><!-- <!ENTITY a "0"> --><!ENTITY p '<path d="M&a; &a;h80"/>'><!ENTITY a "0">` +
    `<!ENTITY q 'a"b'>`;
  const body = `&p;<path d="M60 60l30 30" id="&q;&amp;"/>`;
  assert.deepEqual(read(typed(entities, body)).lines, PLAIN);
  const outer =
    '<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM "http://example.com/"> %y;';
  assert.deepEqual(read(typed(outer, SHAPES)).lines, PLAIN);
  const refused: [string, RegExp][] = [
    [typed(outer, `${SHAPES}<text>&x;</text>`), /an entity of another file/],
    [typed('<!ENTITY a "&b;"><!ENTITY b "&a;">', "<text>&a;</text>"), /refer to each other/],
    [typed("", "<text>&nothing;</text>"), /damaged: .*undefined entity/],
    [`<!DOCTYPE svg [<!ENTITY a "b"`, /a document type without an end/],
  ];
  for (const [text, message] of refused) {
    assert.throws(() => read(text), { name: "DrawingError", message });
  }
});

Deno.test("what grows beyond all measure by repetition is refused soon: entities, uses, styles, paths", () => {
  const laughs = Array.from(
    { length: 8 },
    (_, i) => `<!ENTITY a${i} "${`&a${i + 1};`.repeat(10)}">`,
  );
  const uses = Array.from(
    { length: 12 },
    (_, i) => `<g id="u${i}">${`<use href="#u${i + 1}"/>`.repeat(10)}</g>`,
  );
  const chain = Array.from({ length: 40 }, (_, i) => `<g id="u${i}"><use href="#u${i + 1}"/></g>`);
  const many = '<use href="#a"/>'.repeat(50_000);
  const bombs: [string, RegExp][] = [
    [
      `<!DOCTYPE svg [${laughs.join("")}<!ENTITY a6 "${"x".repeat(99)}">]>${svg("&a0;")}`,
      /too large/,
    ],
    [svg(`<defs>${uses.join("")}<path id="u12" d="M0 0h9"/></defs><use href="#u0"/>`), /more than/],
    [svg(`<defs>${uses.join("")}<g id="u12"/></defs><use href="#u0"/>`), /100000 elements/],
    [svg(`<defs>${chain.join("")}</defs><use href="#u0"/>`), /nested too deep/],
    [svg(`<g id="a" style="${"x:y;".repeat(10_000)}"/>${many}`), /repeats too much/],
    [svg(`<g id="a" transform="${"scale(1)".repeat(1000)}"/>${many}`), /repeats too much/],
    [svg(`<defs><path id="a" d="${"M0 0".repeat(19_000)}"/></defs>${many}`), /repeats too much/],
  ];
  for (const [text, message] of bombs) {
    assert.throws(() => read(text), { name: "DrawingError", message });
  }
});

Deno.test("shapes without a size draw nothing, and an ellipse's missing radius is the other one", () => {
  const nothing = '<circle cx="5" cy="5"/><circle r="0"/><circle r="-2"/><ellipse cx="5"/>' +
    '<ellipse rx="3" ry="0"/><rect width="0" height="10"/><rect width="10"/>' +
    '<rect width="-5" height="5"/><rect width="0" height="9" rx="2"/>';
  assert.deepEqual(read(svg(nothing + SHAPES)).lines, PLAIN);
  const round = read(svg('<circle cx="50" cy="50" r="3"/>')).lines;
  for (const radii of ['rx="3"', 'ry="3"', 'rx="auto" ry="3"', 'rx="3" ry="3"']) {
    assert.deepEqual(read(svg(`<ellipse cx="50" cy="50" ${radii}/>`)).lines, round, radii);
  }
});
