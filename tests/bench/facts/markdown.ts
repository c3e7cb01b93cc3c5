/** Formats facts as a table for a README. */
import type { Facts } from "./measure_facts.ts";

/** @returns a Markdown table, without a trailing newline */
export function factsMarkdown(facts: Facts): string {
  const show = (name: string, value: number) =>
    name.includes("share") ? `${(value * 100).toFixed(1)} %` : `${Number(value.toPrecision(3))}`;
  const lines = Object.entries(facts).map(([name, value]) =>
    `| ${name.replaceAll("_", " ")} | ${show(name, value)} |`
  );
  return ["| figure | value |", "|---|--:|", ...lines].join("\n");
}
