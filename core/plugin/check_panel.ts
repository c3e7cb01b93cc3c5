/** Limits of what a panel may show: it must fit into a value of the run store, and onto a page. */
import type { Panel, PanelData, PanelKind } from "./panels.ts";

/** Limits of a panel's content. Its JSON stays below half the size limit of a KV value. */
export const PANEL_LIMITS = {
  panels: 16, // of one plugin
  columns: 12,
  rows: 100,
  bars: 256,
  pictures: 64,
  side: 256, // px of one picture
  label: 200, // characters of a cell, a label or a caption
  text: 4000, // characters
  bytes: 30_000, // of JSON
} as const;

const KINDS: readonly string[] = [
  "curves",
  "table",
  "bars",
  "pictures",
  "text",
] satisfies PanelKind[];

/**
 * Checks a declaration at run time: plugins may be written in JavaScript.
 * @returns the fault, as "expected …, received …"; null where there is none
 */
export function wrongPanel(name: string, panel: Panel): string | null {
  const fault = (expected: string, received: unknown) =>
    `expected panel "${name}" to have ${expected}, received ${JSON.stringify(received)}`;
  if (!/^[a-z][a-zA-Z0-9_-]{0,39}$/.test(name)) {
    return `expected panels named by a-z, 0-9, - and _, at most 40 characters, received "${name}"`;
  }
  if (!KINDS.includes(panel.kind)) return fault(`a kind of ${KINDS.join(", ")}`, panel.kind);
  const isText = (text: unknown) =>
    typeof text === "string" && text !== "" && text.length <= PANEL_LIMITS.label;
  if (!isText(panel.title)) {
    return fault(`a title of 1 to ${PANEL_LIMITS.label} characters`, panel.title);
  }
  if (panel.note !== undefined && !isText(panel.note)) {
    return fault(`a note of 1 to ${PANEL_LIMITS.label} characters`, panel.note);
  }
  const [list, what] = panel.kind === "curves"
    ? [panel.series, "series"]
    : panel.kind === "table"
    ? [panel.columns, "columns"]
    : [["none"], ""];
  if (
    !Array.isArray(list) || list.length === 0 || list.length > PANEL_LIMITS.columns ||
    !list.every(isText)
  ) {
    return fault(`1 to ${PANEL_LIMITS.columns} ${what}`, list);
  }
  return null;
}

/**
 * Checks what a hook shows, and copies it, since the hook may reuse its arrays.
 * @param name of the panel, for errors
 * @throws TypeError for data of another form, RangeError where it exceeds a limit
 */
export function checkShown<K extends PanelKind>(
  name: string,
  panel: Panel & { kind: K },
  data: PanelData[K],
): PanelData[K] {
  const fail = (Kind: typeof TypeError | typeof RangeError, expected: string, received: string) =>
    new Kind(`Cannot show panel "${name}": expected ${expected}, received ${received}`);
  const list = (value: unknown, most: number, what: string): unknown[] => {
    if (!Array.isArray(value)) throw fail(TypeError, `a list of ${what}`, kindOf(value));
    if (value.length > most) {
      throw fail(RangeError, `at most ${most} ${what}`, String(value.length));
    }
    return value;
  };
  const label = (value: unknown, what: string): string => {
    if (typeof value !== "string") throw fail(TypeError, `${what} in words`, kindOf(value));
    if (value.length > PANEL_LIMITS.label) {
      throw fail(
        RangeError,
        `${what} of at most ${PANEL_LIMITS.label} characters`,
        String(value.length),
      );
    }
    return value;
  };
  const checks: Record<PanelKind, (value: never) => unknown> = {
    curves() {
      throw fail(
        TypeError,
        'nothing: a panel of kind "curves" gathers what context.chart() writes',
        "data",
      );
    },
    table(value: unknown) {
      const { columns } = panel as Panel & { kind: "table" }; // chosen by its kind
      return list(value, PANEL_LIMITS.rows, "rows").map((row) => {
        const cells = list(row, PANEL_LIMITS.columns, "cells");
        if (cells.length !== columns.length) {
          throw fail(RangeError, `${columns.length} cells in each row`, String(cells.length));
        }
        return cells.map((cell) =>
          cell === null || typeof cell === "number" ? cell : label(cell, "cells, or numbers,")
        );
      });
    },
    bars(value: unknown) {
      return list(value, PANEL_LIMITS.bars, "bars").map((bar) => {
        // both are checked below
        const { label: text, value: size } = Object(bar) as { label: unknown; value: unknown };
        if (typeof size !== "number" || !Number.isFinite(size)) {
          throw fail(TypeError, "a finite value of each bar", kindOf(size));
        }
        return { label: label(text, "a label of each bar"), value: size };
      });
    },
    pictures(value: unknown) {
      // checked below
      const { images, captions = [] } = Object(value) as Partial<PanelData["pictures"]>;
      const { data, shape = [] } = images ?? {};
      const [count = 0, height = 0, width = 0, channels = 0] = shape;
      const size = shape.reduce((product, n) => product * n, 1);
      if (shape.length !== 4 || ![1, 3].includes(channels) || data?.length !== size || size === 0) {
        throw fail(
          TypeError,
          "images with data and a shape [N, H, W, 1 or 3]",
          `shape [${shape}] and ${data?.length ?? "no"} numbers`,
        );
      }
      if (count > PANEL_LIMITS.pictures || Math.max(height, width) > PANEL_LIMITS.side) {
        throw fail(
          RangeError,
          `at most ${PANEL_LIMITS.pictures} pictures of at most ${PANEL_LIMITS.side} px`,
          `shape [${shape}]`,
        );
      }
      if (captions.length !== 0 && captions.length !== count) {
        throw fail(RangeError, `${count} captions or none`, String(captions.length));
      }
      const words = captions.map((caption) => label(caption, "captions"));
      return { images: { data: data.slice(), shape: [...shape] }, captions: words };
    },
    text(value: unknown) {
      if (typeof value !== "string") throw fail(TypeError, "text", kindOf(value));
      if (value.length > PANEL_LIMITS.text) {
        throw fail(RangeError, `at most ${PANEL_LIMITS.text} characters`, String(value.length));
      }
      return value;
    },
  };
  // each check returns data of its own kind
  const checked = checks[panel.kind](data as never) as PanelData[K];
  const bytes = panel.kind === "pictures"
    ? 0
    : new TextEncoder().encode(JSON.stringify(checked)).length;
  if (bytes > PANEL_LIMITS.bytes) {
    throw fail(RangeError, `at most ${PANEL_LIMITS.bytes} bytes as JSON`, String(bytes));
  }
  return checked;
}

function kindOf(value: unknown): string {
  return value === null
    ? "null"
    : Array.isArray(value)
    ? "a list"
    : typeof value === "number"
    ? String(value)
    : typeof value;
}
