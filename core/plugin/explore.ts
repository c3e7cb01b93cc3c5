/** How the dashboard's Explore page plays with runs whose images don't come from latents alone. */
import type { HostImages } from "../images/mod.ts";
import type { OpenedRun } from "./plugin.ts";

/** A small picture to enlarge. */
export interface UpscaleRequest {
  /** Bytes of a PNG. */
  png: Uint8Array;
}

/** A drawing to go on with. */
export interface CompleteRequest {
  /** Points [x, y] in 0 … 1 of the pad's side, from its top left corner. */
  strokes: readonly (readonly (readonly [x: number, y: number])[])[];
  /** Index among the facts' `parts`; null lets the model choose. */
  part: number | null;
  /** One candidate each. */
  seeds: readonly number[];
}

/** What the dashboard's Explore page must know before it asks. */
export interface ExploreFacts {
  /** px a side that an enlargement starts from. */
  inputResolution?: number;
  /** Parts that can be asked for, e.g. "beak". */
  parts?: readonly string[];
}

/** One way to play with a run in the page, `draw` always with the averaged generator. */
export interface Explore<Kind extends string, Request> {
  /** Which controls the page shows. */
  kind: Kind;
  /** What the page must know of a run before it asks for pictures. */
  facts(run: OpenedRun): ExploreFacts;
  /** Pictures of a request, in the order of its seeds where it has some. */
  draw(run: OpenedRun, request: Request): Promise<HostImages>;
}

/** The ways that there are controls for; models that draw from latents alone need none of them. */
export type PluginExplore =
  | Explore<"super-resolution", UpscaleRequest>
  | Explore<"sketch", CompleteRequest>;
