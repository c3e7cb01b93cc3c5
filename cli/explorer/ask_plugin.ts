/** Answers Explore requests for plugins that declare their own controls. */
import { Buffer } from "node:buffer";
import type {
  ControlValues,
  ExploreControl,
  ExploreDrawing,
  OpenedRun,
  PluginExplore,
} from "../../core/plugin/mod.ts";
import {
  type GenerateRequest,
  MAX_PICTURES,
  type ModelInfo,
  type SentValue,
} from "../../core/explore/mod.ts";
import { isSeed, LARGEST_SEED } from "../../core/seed.ts";
import { UsageError } from "../errors.ts";

/** Upper bound of strokes in a drawing. */
const MOST_STROKES = 500;

/** What the Explore page shows for a run whose plugin has its own controls. */
export function exploreInfo(
  explore: PluginExplore,
  run: OpenedRun & { resolution: number; imagesSeen: number; alpha: number },
): ModelInfo {
  const { title, pictures } = explore;
  return {
    kind: "plugin",
    resolution: run.resolution,
    imagesSeen: run.imagesSeen,
    layers: [],
    labels: [],
    truncation: false,
    alpha: run.alpha,
    declared: { title, pictures, controls: explore.controls(run) },
  };
}

/**
 * Lets the plugin draw.
 * @throws UsageError for a request that does not fit the plugin's controls
 */
export function askPlugin(
  explore: PluginExplore,
  run: OpenedRun,
  request: GenerateRequest,
): Promise<ExploreDrawing> {
  if (request.kind !== "plugin") {
    throw new UsageError(
      `Cannot answer "${request.kind}" with ${run.id}: expected values of its plugin's controls`,
    );
  }
  const controls = explore.controls(run), { values: sent } = request;
  const unknown = Object.keys(sent).find((name) => !Object.hasOwn(controls, name));
  if (unknown !== undefined) {
    throw new UsageError(
      `Cannot draw with ${run.id}: expected values of ${Object.keys(controls).join(", ")}, ` +
        `received one of "${unknown}"`,
    );
  }
  const values = Object.fromEntries(
    Object.entries(controls).map(([name, control]) => [
      name,
      valueOf(name, control, Object.hasOwn(sent, name) ? sent[name] : undefined),
    ]),
  );
  return explore.draw(run, values);
}

const isUnit = (n: unknown) => typeof n === "number" && n >= 0 && n <= 1;
const isStroke = (s: unknown) =>
  Array.isArray(s) && s.length > 0 &&
  s.every((p) => Array.isArray(p) && p.length === 2 && p.every(isUnit));

/**
 * Checks a value and converts it for the plugin. @throws UsageError where it does not fit its
 * control
 */
function valueOf(
  name: string,
  control: ExploreControl,
  sent: SentValue | undefined,
): ControlValues[ExploreControl["kind"]] {
  const wrong = (expected: string) =>
    new UsageError(
      `Cannot draw: expected "${name}" to be ${expected}, received ${
        JSON.stringify(sent)?.slice(0, 80) ?? "none"
      }`,
    );
  switch (control.kind) {
    case "number": {
      const { minimum, maximum } = control;
      if (typeof sent === "number" && sent >= minimum && sent <= maximum) return sent;
      throw wrong(`a number ${minimum} … ${maximum}`);
    }
    case "choice":
      if (sent === null || (typeof sent === "string" && control.options.includes(sent))) {
        return sent;
      }
      throw wrong(`one of ${control.options.join(", ")}, or null`);
    case "image":
      if (typeof sent === "string" && /^[A-Za-z0-9+/]+=*$/.test(sent)) {
        return Buffer.from(sent, "base64");
      }
      throw wrong("a PNG in base64");
    case "strokes":
      if (
        Array.isArray(sent) && sent.length > 0 && sent.length <= MOST_STROKES &&
        sent.every(isStroke)
      ) return sent as [number, number][][]; // checked above
      throw wrong("1 to 500 strokes of points in 0 … 1");
    case "seed": {
      const most = Math.min(control.pictures, MAX_PICTURES);
      if (Array.isArray(sent) && sent.length > 0 && sent.length <= most && sent.every(isSeed)) {
        return sent as number[]; // checked above
      }
      throw wrong(`1 to ${most} seeds of 0 … ${LARGEST_SEED}`);
    }
  }
}
