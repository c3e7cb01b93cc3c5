/** Formats the metrics of trials as a table. */

/** The parts of `metrics --json` that the table shows. */
export interface Figures {
  imagesSeen: number;
  swd: Levels;
  swdFloor: Levels;
  features: {
    features: string;
    kid: { mean: number };
    samples: { coverage: number };
    reals: { coverage: number };
  }[];
}

interface Levels {
  levels: { resolution: number; value: number }[];
  average: number;
}

/** A row of the table. */
export interface Trial {
  name: string;
  /** Seconds of training; null if unknown. */
  processor: number | null;
  figures: Figures;
}

const by = ({ average, levels }: Levels) =>
  levels.length > 1
    ? `${average.toFixed(1)} (${levels.map(({ value }) => value.toFixed(1)).join(", ")})`
    : average.toFixed(1);

/** SWD ×10³ by level, the finest first if there are several, beside its floor. */
export function trialsMarkdown(trials: readonly Trial[]): string {
  const networks = [...new Set(trials.flatMap((t) => t.figures.features.map((f) => f.features)))];
  const heads = [
    "trial",
    "images",
    "processor s",
    "SWD",
    "floor",
    ...networks.flatMap((name) => [`KID ×10³, ${name}`, "coverage, reals'"]),
  ];
  const rows = trials.map(({ name, processor, figures }) => [
    name,
    figures.imagesSeen.toLocaleString("en"),
    processor?.toFixed(0) ?? "",
    by(figures.swd),
    by(figures.swdFloor),
    ...networks.flatMap((network) => {
      const found = figures.features.find(({ features }) => features === network);
      if (!found) return ["", ""];
      const { kid, samples, reals } = found;
      return [kid.mean.toFixed(1), `${samples.coverage.toFixed(2)}, ${reals.coverage.toFixed(2)}`];
    }),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
