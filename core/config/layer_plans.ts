/**
 * Merges the options that plan a run's phases over several layers. Later layers win, part by part,
 * even where a preset uses `sched` and the command line `batch`, or the other way round.
 */
import { messageOf } from "../text.ts";
import { COMMAND_LINE, ConfigError, type ConfigLayer } from "./config_layer.ts";
import { formatOverride, type Override, parseOverride } from "./sched.ts";

type Part = Exclude<keyof Override, "resolution">;

/** The parts of earlier `sched` entries that an option for all resolutions overrides. */
const REPLACES: Readonly<Record<string, readonly Part[]>> = {
  batch: ["batchSize"],
  learningRate: ["learningRate"],
  epochs: ["fadeImages", "stabilizeImages"],
  alphaStep: ["fadeImages"],
  fadeImages: ["fadeImages"],
  stabilizeImages: ["stabilizeImages"],
};

/**
 * @param layers later ones win
 * @returns the same layers, each with the `sched` merged from all layers up to it
 * @throws ConfigError where an entry is invalid or occurs twice in a layer, or where phases are
 * given in images although a layer below gives epochs
 */
export function layerPlans(layers: readonly ConfigLayer[]): ConfigLayer[] {
  const merged = new Map<number, Override>();
  let epochs: { from: string; value: unknown } | undefined;
  return layers.map((layer) => {
    const { values, from } = layer;
    checkEpochs(layer, epochs);
    if (values.epochs !== undefined) epochs = { from, value: values.epochs };
    const replaced = Object.keys(REPLACES).filter((key) => values[key] !== undefined)
      .flatMap((key) => REPLACES[key]!); // it is one of its keys
    for (const [resolution, override] of merged) {
      merged.set(resolution, without(override, replaced));
    }
    const { sched = [] } = values;
    if (!Array.isArray(sched)) return layer; // the schema's check will report it
    for (const override of readAll(sched, from)) {
      merged.set(override.resolution, { ...merged.get(override.resolution), ...override });
    }
    if (merged.size === 0) return layer;
    const entries = [...merged.values()].sort((a, b) => a.resolution - b.resolution);
    return { from, values: { ...values, sched: entries.map(formatOverride) } };
  });
}

function readAll(texts: readonly unknown[], from: string): Override[] {
  const overrides = texts.map((text) => {
    try {
      return parseOverride(String(text));
    } catch (error) {
      throw new ConfigError(messageOf(error), { cause: error });
    }
  });
  const twice = overrides.find(({ resolution }, i) =>
    overrides.findIndex((other) => other.resolution === resolution) < i
  );
  if (!twice) return overrides;
  throw new ConfigError(
    `Cannot use --sched of ${from}: expected one entry a resolution, received two for ` +
      `${twice.resolution} px`,
  );
}

function without(override: Override, parts: readonly Part[]): Override {
  const left = { ...override };
  for (const part of parts) delete left[part];
  return left;
}

/**
 * Refuses phases in both images and epochs within the command line, or across layers. A run's own
 * configuration always has both, and epochs win.
 */
function checkEpochs(
  { values, from }: ConfigLayer,
  epochs: { from: string; value: unknown } | undefined,
): void {
  if (values.epochs !== undefined && from !== COMMAND_LINE) return;
  const key = (["fadeImages", "stabilizeImages"] as const).find((key) => values[key] !== undefined);
  const counted = values.epochs === undefined ? epochs : { from, value: values.epochs };
  if (!key || !(Number(counted?.value ?? 0) > 0)) return;
  const flag = key === "fadeImages" ? "--fade-images" : "--stabilize-images";
  throw new ConfigError(
    `Cannot use ${flag} of ${from}: expected phases in images or in epochs, received both: ` +
      `--epochs ${counted?.value} comes from ${counted?.from}. ` +
      (counted === epochs ? "Add --epochs 0" : `Leave out ${flag}, or --epochs`),
  );
}
