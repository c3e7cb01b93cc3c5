import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson, parseStrictJson } from "./json.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("canonicalJson() spells equal data equally and round-trips", () => {
  assert.equal(
    canonicalJson({ b: 1, a: [true, null, "é"], c: undefined }),
    `{"a":[true,null,"é"],"b":1}`,
  );
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
    const plain: unknown = JSON.parse(JSON.stringify(value));
    if (JSON.stringify(plain).includes("__proto__")) return;
    assert.deepEqual(parseStrictJson(encode(canonicalJson(plain))), plain);
    const reversed: unknown = JSON.parse(
      JSON.stringify(plain),
      (_, v) =>
        v && typeof v === "object" && !Array.isArray(v)
          ? Object.fromEntries(Object.entries(v).reverse())
          : v,
    );
    assert.equal(canonicalJson(reversed), canonicalJson(plain));
  }));
});

Deno.test("canonicalJson() names what JSON would lose", () => {
  const cases: [unknown, RegExp][] = [
    [{ a: [1, NaN] }, /value\.a\[1\]: .* received NaN/],
    [{ a: Infinity }, /received Infinity/],
    [{ a: new Float32Array(1) }, /received a Float32Array/],
    [{ a: new Date(0) }, /received a Date/],
    [{ a: new Map() }, /received a Map/],
    [{ a: 1n }, /received bigint/],
    [[undefined], /value\[0\]: .* received undefined/],
    [{ a: Object.assign([1], { 2: 3 }) }, /value\.a: .* received no element 1/],
    [{ a: new Array(2) }, /value\.a: .* received no element 0/],
    [() => 1, /received function/],
    [JSON.parse(`{"__proto__":1}`), /a key __proto__/],
    [JSON.parse("[".repeat(40) + "]".repeat(40)), /more than 32 levels/],
  ];
  for (const [value, message] of cases) assert.throws(() => canonicalJson(value), message);
});

Deno.test(
  "canonicalJson() writes nesting as deep as parseStrictJson() reads, and no " +
    "deeper",
  () => {
    const nested = (levels: number, leaf: unknown, key?: string) => {
      let value = leaf;
      for (let i = 0; i < levels; i++) value = key ? { [key]: value } : [value];
      return value;
    };
    for (const key of [undefined, "k"]) {
      for (const [levels, leaf] of [[32, 1], [31, []], [31, {}]] as const) {
        const value = nested(levels, leaf, key);
        assert.deepEqual(parseStrictJson(encode(canonicalJson(value))), value);
        const deeper = nested(levels + 1, leaf, key);
        const path = key ? ".k".repeat(32) : "[0]".repeat(32);
        assert.throws(() => canonicalJson(deeper), (error: Error) => {
          assert.ok(error instanceof TypeError);
          assert.ok(error.message.startsWith(`Cannot store value${path}: `), error.message);
          assert.match(error.message, /received more than 32 levels/);
          return true;
        });
        assert.throws(() => parseStrictJson(encode(JSON.stringify(deeper))), /at most 32 levels/);
      }
    }
  },
);

Deno.test(
  "parseStrictJson() refuses repeated keys at any depth, and allows equal keys " +
    "apart",
  () => {
    assert.deepEqual(parseStrictJson(encode(`{"a":{"x":1},"b":{"x":["x","x",{"x":2}]}}`)), {
      a: { x: 1 },
      b: { x: ["x", "x", { x: 2 }] },
    });
    assert.throws(() => parseStrictJson(encode(`{"a":{"x":1,"y":[{}],"x":2}}`)), /"x" twice/);
    assert.throws(() => parseStrictJson(encode(`[{"a":1},{"a":1,"\\u0061":2}]`)), /"a" twice/);
    assert.throws(() => parseStrictJson(encode(`{"a\\":1}`)), SyntaxError);
    assert.throws(() => parseStrictJson(encode(`{"a":1}}`)), SyntaxError);
    assert.throws(() => parseStrictJson(Uint8Array.of(0x22, 0xff, 0x22)), /expected UTF-8/);
  },
);

Deno.test("parseStrictJson() tells where a text is cut, also within a key", () => {
  assert.throws(() => parseStrictJson(encode('{"first": 1, "sec')), {
    name: "SyntaxError",
    message: /^Cannot parse JSON: .*position 1[37]/,
  });
});

Deno.test("parseStrictJson() reads what JSON.parse reads, but for its own rules", () => {
  fc.assert(fc.property(fc.json(), (text) => {
    if (text.includes("__proto__")) return;
    assert.deepEqual(parseStrictJson(encode(text)), JSON.parse(text));
  }));
});
