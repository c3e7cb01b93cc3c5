/** Metrics that are measured and charted while a run trains. */
import type { Dataset } from "../../data.ts";
import type { FeatureExtractor } from "../../metrics/mod.ts";
import type { TrainingState } from "../../trainer/mod.ts";
import type { Notices } from "../notices.ts";
import { compareFeatures, FEWEST_COMPARED, type KnownReals } from "./compare_features.ts";
import { measureSwd } from "./compare_swd.ts";
import type { MeasureOptions } from "./measured_set.ts";
import { openExtractors } from "./open_extractors.ts";

/** Measures a run repeatedly, caching the reals' results. */
export interface ChartMeasures {
  /** Values by curve name: "metric/swd", "metric/kid_efficientnet" …, each with its floor. */
  measure(training: TrainingState): Promise<Record<string, number>>;
  dispose(): void;
}

/** Feature networks are downloaded and opened at the first measurement. */
export function createChartMeasures(
  dataset: Dataset,
  options: MeasureOptions,
  notices: Pick<Notices, "progress" | "warn">,
): ChartMeasures {
  const measuring = { ...options, floors: new Map() }, known: KnownReals = new Map();
  let extractors: FeatureExtractor[] | undefined;
  return {
    async measure(training) {
      const values = await measureSwd(training, dataset, measuring);
      const { split = "train" } = options, { count, heldOutCount } = dataset.info;
      if ((split === "train" ? count : heldOutCount) < 2 * FEWEST_COMPARED) return values;
      extractors ??= await openExtractors(notices);
      for (const extractor of extractors) {
        const compared = await compareFeatures(training, dataset, extractor, measuring, known);
        const { kid, kidFloor, samples, reals } = compared, { id } = extractor;
        values[`metric/kid_${id}`] = kid.mean;
        values[`metric/kid_${id}_floor`] = kidFloor.mean;
        values[`metric/coverage_${id}`] = samples.coverage;
        values[`metric/coverage_${id}_floor`] = reals.coverage;
      }
      return values;
    },
    dispose() {
      for (const extractor of extractors ?? []) extractor.dispose();
    },
  };
}
