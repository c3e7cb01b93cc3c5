import assert from "node:assert/strict";
import { counted, digits, kindOf, printable, printableLine } from "./text.ts";

Deno.test("digits() rounds without an exponent", () => {
  const rounded = [digits(160.4, 2), digits(999.6, 3), digits(20_580, 4), digits(0.01234, 3)];
  assert.deepEqual(rounded.map(String), ["160", "1000", "20580", "0.0123"]);
});

Deno.test("printable() shows what a terminal would obey, and leaves all writing as it is", () => {
  assert.equal(
    printable("\x1b]0;title\x07\x1b[2J.png\r\x9b31m"),
    "\\x1b]0;title\\x07\\x1b[2J.png\\x0d\\x9b31m",
  );
  assert.equal(printable("gnp.\u202ecat"), "gnp.\\u202ecat", "turned round it would read as .png");
  const text = "Käse 多 😀 نص\n\tb — 50% #1 $HOME";
  assert.equal(printable(text), text);
  assert.equal(printableLine("a\n  9 × fine\t"), "a\\x0a  9 × fine\\x09");
});

Deno.test("kindOf() tells null and arrays from objects", () => {
  assert.deepEqual([null, [], {}, 1, undefined].map(kindOf), [
    "null",
    "an array",
    "object",
    "number",
    "undefined",
  ]);
});

Deno.test("counted() puts the noun of one thing in the singular", () => {
  assert.deepEqual([0, 1, 2].map((n) => counted(n, "tile")), ["0 tiles", "1 tile", "2 tiles"]);
  assert.equal(counted(2, "sketch", "sketches"), "2 sketches");
});
