import assert from "node:assert/strict";
import { object } from "../config/mod.ts";
import { checkShown, PANEL_LIMITS } from "./check_panel.ts";
import { definePlugin } from "./define.ts";
import type { Panel } from "./panels.ts";

const table = { kind: "table", title: "T", columns: ["a", "b"] } as const;
const bars = { kind: "bars", title: "B" } as const;
const text = { kind: "text", title: "X" } as const;
const pictures = { kind: "pictures", title: "P" } as const;

/** Data as plugins in JavaScript may give it. */
const wrong = (value: unknown) => value as never;

Deno.test("checkShown() copies what fits: the hook may go on with its own", () => {
  const rows = [["x", 1], [null, NaN]];
  const shown = checkShown("t", table, rows);
  rows[0]![0] = "changed";
  assert.deepEqual(shown, [["x", 1], [null, NaN]]);
  assert.deepEqual(checkShown("b", bars, [{ label: "0", value: 2 }]), [{ label: "0", value: 2 }]);
  assert.equal(checkShown("x", text, "words"), "words");
  const images = { data: new Float32Array(2 * 4 * 4), shape: [2, 4, 4, 1] };
  const copy = checkShown("p", pictures, { images, captions: ["a", "b"] });
  images.data[0] = 9;
  assert.equal(copy.images.data[0], 0);
  assert.deepEqual(copy.captions, ["a", "b"]);
});

Deno.test("checkShown() names the panel and says what it expected", () => {
  const cases: [Panel, unknown, RegExp][] = [
    [table, "x", /panel "n": expected a list of rows, received string/],
    [table, [["x"]], /expected 2 cells in each row, received 1/],
    [table, [["x", {}]], /expected cells, or numbers, in words, received object/],
    [table, Array(101).fill(["", 1]), /at most 100 rows, received 101/],
    [table, Array(100).fill(["x".repeat(200), "y".repeat(200)]), /at most 30000 bytes as JSON/],
    [bars, [{ label: "a", value: NaN }], /a finite value of each bar, received NaN/],
    [bars, [null], /a finite value of each bar, received undefined/],
    [text, 5, /expected text, received 5/],
    [text, "x".repeat(4001), /at most 4000 characters, received 4001/],
    [
      pictures,
      { images: { data: new Float32Array(3), shape: [1, 1, 1, 1] } },
      /\[N, H, W, 1 or 3\]/,
    ],
    [pictures, {}, /received shape \[\] and no numbers/],
    [
      pictures,
      { images: { data: new Float32Array(512 * 512), shape: [1, 512, 512, 1] } },
      /at most 256 px/,
    ],
    [
      pictures,
      { images: { data: new Float32Array(1), shape: [1, 1, 1, 1] }, captions: ["a", "b"] },
      /1 captions or none, received 2/,
    ],
    [{ kind: "curves", title: "C", series: ["a"] }, [1], /gathers what context.chart\(\) writes/],
  ];
  for (const [panel, data, message] of cases) {
    assert.throws(() => checkShown("n", panel, wrong(data)), message, JSON.stringify(panel));
  }
});

Deno.test("definePlugin() refuses panels that can't be drawn", () => {
  const define = (panels: Record<string, Panel>) =>
    definePlugin({
      name: "p",
      description: "",
      kind: "add-on",
      config: object({}),
      panels,
      hooks: {},
    });
  define({ ok: table });
  assert.throws(
    () => define({ "Not a name": table }),
    /panels named by a-z.*received "Not a name"/,
  );
  assert.throws(() => define({ a: { ...text, title: "" } }), /panel "a" to have a title/);
  assert.throws(
    () => define({ a: wrong({ kind: "html", title: "x" }) }),
    /a kind of curves, table/,
  );
  assert.throws(() => define({ a: { ...table, columns: [] } }), /1 to 12 columns/);
  assert.throws(() => define({ a: { kind: "curves", title: "c", series: [] } }), /1 to 12 series/);
  const many = Array.from({ length: PANEL_LIMITS.panels + 1 }, (_, i) => [`p${i}`, text]);
  assert.throws(() => define(Object.fromEntries(many)), /at most 16 panels, received 17/);
});
