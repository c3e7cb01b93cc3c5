/** Writes the model card of an export. */
import type { ImageChannels } from "../../data.ts";
import { CHANNEL_WORDS } from "../data/image_channels.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { readStats } from "../folder/stats_file.ts";
import { VERSION } from "../version.ts";
import { digits } from "../../text.ts";

/** File name of the model card. */
export const CARD = "README.md";

/** Whether a text is a model card of this or another version. */
export function isModelCard(text: string): boolean {
  return /^\| Made with \| Cambium /m.test(text);
}

/** Contents of the card besides the facts of its run. */
export interface CardContents {
  /** How to use the export, in Markdown. */
  usage: string;
  /** Digest of the checkpoint's whole state. */
  digest?: string | undefined;
  weights: "ema" | "live";
}

/** README.md of an export, after Mitchell et al. 2019, "Model Cards for Model Reporting". */
export async function modelCard(run: LoadedRun, card: CardContents): Promise<string> {
  const { spec, dataset, plugin, imagesSeen, resolution, alpha } = run;
  const { name, source, count, heldOutCount, digest, labels } = dataset;
  const rows = [
    ["Run", run.id],
    ["Model", `${plugin}${spec.preset === null ? "" : `, preset ${spec.preset}`}`],
    ["Pictures", `${resolution} px, ${CHANNEL_WORDS[dataset.channels as ImageChannels]}`],
    ["Weights", card.weights === "ema" ? "the averaged generator" : "the generator as it trained"],
    ["Images seen", imagesSeen.toLocaleString("en-US")],
    ...(alpha < 1
      ? [["Newest resolution", `weight ${alpha.toFixed(3)}: it was still fading in`]]
      : []),
    ["Data", `${name}${source && source !== name ? ` (${lastPart(source)})` : ""}`],
    ["Samples", `${count.toLocaleString("en-US")}, of which ${heldOutCount} were held out`],
    ...(labels.length > 0 ? [["Classes", labels.join(", ")]] : []),
    ["Digest of the data", `\`${digest.slice(0, 16)}\``],
    ...(card.digest ? [["Digest of the checkpoint", `\`${card.digest.slice(0, 16)}\``]] : []),
    ["Made with", `Cambium ${VERSION}`],
  ] as [string, string][];
  return `# ${run.id}

| | |
|---|---|
${rows.map(([key, value]) => `| ${key} | ${value.replaceAll("|", "\\|")} |`).join("\n")}

## Use

${card.usage.trim()}

## Quality

${await measured(run)}

## Licence and limits

Weights are learned from the data above: whoever shares them, or pictures that they draw, answers
for having the right to. No licence is given here. The networks know nothing but that data. What
they draw may resemble single pictures of it.

## Configuration

\`\`\`json
${JSON.stringify({ run: spec.run, options: spec.options }, null, 1)}
\`\`\`
`;
}

/** The last value of each metric in the run's curves, as a Markdown table. */
async function measured({ folder, model, loaded }: LoadedRun): Promise<string> {
  const last = new Map<string, { value: number; imagesSeen: number }>();
  for (const { imagesSeen, values } of await readStats(folder)) {
    for (const [name, value] of Object.entries(values)) {
      if (name.startsWith("metric/")) last.set(name.slice("metric/".length), { value, imagesSeen });
    }
  }
  if (last.size === 0) {
    const canMeasure = model.generate ?? loaded.model.plugin.measure;
    return "Nothing was measured while it trained." +
      (canMeasure ? " `deno task metrics` measures a run." : "");
  }
  const rows = [...last].map(([name, { value, imagesSeen }]) =>
    `| ${name} | ${digits(value, 4)} | ${imagesSeen.toLocaleString("en-US")} |`
  );
  return `| measure | value | at images |\n|---|---|---|\n${rows.join("\n")}`;
}

/** The last part of a path: the full path is private. */
function lastPart(source: string): string {
  return source.split(/[\\/]/).filter(Boolean).at(-1) ?? source;
}
