/** Formats the rows as a table for a README. */
import type { VersusRow } from "./compare.ts";

/** @returns a Markdown table and an explanation of its ratios, without a trailing newline */
export function versusMarkdown(rows: readonly VersusRow[]): string {
  const lines = [
    "| step | PyTorch | ours | Cambium, images/s | PyTorch, images/s | ratio | quartiles | " +
    "processor ms |",
    "|---|---|---|--:|--:|--:|--:|--:|",
  ];
  for (const row of rows) {
    const cells = [
      row.name,
      row.peer,
      row.precision,
      row.ours_images_per_s.toFixed(1),
      row.peer_images_per_s.toFixed(1),
      `**${row.ratio.toFixed(2)}**`,
      row.ratio_quartiles.map((q) => q.toFixed(2)).join("–"),
      [row.ours_processor_ms, row.peer_processor_ms].map((ms) => ms.toFixed(0)).join(" / "),
    ];
    lines.push(`| ${cells.join(" | ")} |`);
  }
  lines.push("", "Ratio: of the speeds. Quartiles: of the ratios round by round.");
  return lines.join("\n");
}
