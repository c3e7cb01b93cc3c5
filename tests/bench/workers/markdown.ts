/** Formats the rows as tables for core/docs/workers.md. */
import { ringSeconds } from "./ring_model.ts";
import type { WorkersRow } from "./run_workers.ts";

/**
 * Assumptions about networks: bytes per second of a link, and the time of a message in TensorFlow's
 * gRPC.
 */
const NETWORKS = [1, 10, 100].map((gigabits) => ({ gigabits, bandwidth: gigabits * 1e9 / 8 }));
const LATENCY = 200e-6;
const SIZES = [8, 64, 512];

/** @returns Markdown, without a trailing newline */
export function workersMarkdown(rows: readonly WorkersRow[]): string {
  return [
    "| step | batch | one process, images/s | workers, images/s | ratio | quartiles | processor ms | " +
    "collectives a step | reduce, ms | share |",
    "|---|--:|--:|--:|--:|---|--:|--:|--:|--:|",
    ...rows.map((row) => {
      const { plain, penalized } = row.collectives;
      const cells = [
        `${row.name}, ${row.resolution} px, ${row.workers} workers`,
        String(row.batch),
        row.one_images_per_s.toFixed(2),
        row.workers_images_per_s.toFixed(2),
        `**${row.ratio.toFixed(2)}**`,
        row.ratio_quartiles.map((q) => q.toFixed(2)).join("–"),
        `${row.one_processor_ms.toFixed(0)} / ${row.workers_processor_ms.toFixed(0)}`,
        `${plain.count} (${megabytes(plain.bytes)}); with the penalty ${penalized.count} ` +
        `(${megabytes(penalized.bytes)})`,
        row.reduce_ms.toFixed(1),
        `${(100 * row.reduce_share).toFixed(1)} %`,
      ];
      return `| ${cells.join(" | ")} |`;
    }),
    "",
    ...rows.slice(0, 1).map(({ processor, load }) =>
      `On ${processor}; load ${load.map((l) => l.toFixed(1)).join(" to ")}.`
    ),
    "",
    "Computed, not measured: seconds that a plain step's sums take by rings.",
    "",
    `| step | batch | workers | ${NETWORKS.map((n) => `${n.gigabits} Gbit/s`).join(" | ")} |`,
    `|---|--:|--:|${NETWORKS.map(() => "--:").join("|")}|`,
    ...rows.flatMap(({ name, resolution, batch, collectives: { plain } }) =>
      SIZES.map((workers) => {
        const seconds = NETWORKS.map(({ bandwidth }) =>
          ringSeconds({ ...plain, workers, bandwidth, latency: LATENCY }).toFixed(3)
        );
        return `| ${name}, ${resolution} px | ${batch} | ${workers} | ${seconds.join(" | ")} |`;
      })
    ),
  ].join("\n");
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
