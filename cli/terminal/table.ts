/** Formats tables: ruled on a terminal, tab-separated elsewhere. */
import Table from "cli-table3";
import { printableLine } from "../../core/text.ts";

/** Options of {@linkcode formatTable}. */
export interface TableOptions {
  /** Columns to align right, as for numbers. */
  right?: readonly number[];
  /** Default: whether standard output is a terminal. */
  terminal?: boolean;
}

/** @returns the table as text, without a trailing newline */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string {
  const { right = [], terminal = Deno.stdout.isTerminal() } = options;
  head = head.map(printableLine); // so that a name in a cell cannot fake a row
  rows = rows.map((row) => row.map(printableLine));
  if (!terminal) return [head, ...rows].map((row) => row.join("\t")).join("\n");
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, i) => right.includes(i) ? "right" as const : "left" as const),
    chars: {
      top: "",
      "top-mid": "",
      "top-left": "",
      "top-right": "",
      bottom: "",
      "bottom-mid": "",
      "bottom-left": "",
      "bottom-right": "",
      left: "",
      "left-mid": "",
      mid: "",
      "mid-mid": "",
      right: "",
      "right-mid": "",
      middle: "  ",
    },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
