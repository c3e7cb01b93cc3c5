/**
 * The protocol between the dashboard and the process that generates: one JSON message per line over
 * a loopback socket. The first line is a hello with the token; pictures are sent as PNG in base64.
 * In each lane (a browser tab) the newest request wins, and the one that waited before it is
 * answered "dropped".
 */
import { isKeptName } from "../kept_name_pattern.ts";
import type { ExploreControls } from "../plugin/explore.ts";
import { isSeed, LARGEST_SEED } from "../seed.ts";

/** Incremented when a message's format changes. */
export const PROTOCOL = 9;

/** Longest line accepted: a 2048 px photograph fits. */
export const MAX_LINE = 16 * 1024 * 1024; // bytes

/** What a checkpoint's generator supports. */
export interface ModelInfo {
  /** Which controls it has: latents only, styles per layer, or those that the plugin declares. */
  kind: "generator" | "style" | "plugin";
  resolution: number; // side of its pictures in px
  /** Layers that can take the style of another seed, coarse to fine; empty if there are none. */
  layers: { name: string; resolution: number }[];
  /** Whether it has a mean latent to truncate towards. */
  truncation: boolean;
  /** Classes that can be selected; empty for an unconditional model. */
  labels: readonly string[];
  imagesSeen: number;
  /**
   * Fade-in weight of the newest block, 0 … 1; below 1 the checkpoint was written during a fade-in.
   */
  alpha: number;
  /**
   * For a model with a latent space w: names of directions ("1" is the strongest factorized one)
   * and of projected pictures.
   */
  steering?: { directions: readonly string[]; pictures: readonly string[] } | undefined;
  /** For a plugin that declares controls. */
  declared?: DeclaredExplore;
}

/** Options that all kinds of generated pictures have. */
interface DrawOptions {
  truncation: number;
  /** The first style layer that is not truncated; absent: all are. */
  cutoff?: number;
  /** One of the model's classes; absent: each seed has its own. */
  label?: string;
}

/** The layers in which numbered directions are found and moved. */
export type SteerLayers = "all" | "coarse" | "middle" | "fine";

/** What to generate. Seeds are whole numbers; a seed always gives the same latent. */
export type GenerateRequest =
  | DrawOptions & { kind: "seeds"; seeds: number[] }
  | DrawOptions & { kind: "interpolate"; from: number; to: number; position: number }
  | DrawOptions & { kind: "mix"; coarse: number; fine: number; layers: boolean[] }
  | DrawOptions & { kind: "fade"; seed: number; alpha: number }
  | DrawOptions & {
    kind: "steer";
    /** A seed, or "@" and the name of a projected picture. */
    source: number | string;
    /** By the names of directions, in standard deviations of w. */
    amounts: Record<string, number>;
    layers: SteerLayers;
  }
  | { kind: "plugin"; values: Record<string, SentValue> };

/** What a plugin declares for the page. */
export interface DeclaredExplore {
  /** The title of the action, e.g. "Enlarge an image". */
  title: string;
  pictures: string;
  controls: ExploreControls;
}

/** A pen stroke: points [x, y], 0 … 1 of the pad's side. */
export type Stroke = [number, number][];

/** The value of a control as it is sent: a picture is a PNG in base64. */
export type SentValue = number | string | null | number[] | Stroke[];

/** A generated picture: `columns` × `rows` cells in one PNG. */
export interface Picture {
  png: string; // base64
  columns: number;
  rows: number;
  /** One SVG per cell, if the plugin draws lines. */
  svgs?: readonly string[];
  /** Time in the generator's process, without waiting. */
  milliseconds: number;
}

/** Messages from the dashboard to the generator. */
export type ClientMessage =
  | { type: "hello"; protocol: number; token: string }
  | { type: "open"; id: number; run: string; imagesSeen: number }
  | {
    type: "generate";
    id: number;
    lane: string;
    run: string;
    imagesSeen: number;
    request: GenerateRequest;
  }
  | { type: "project"; id: number; run: string; imagesSeen: number; request: ProjectRequest }
  | { type: "keep"; id: number; run: string; imagesSeen: number; request: KeepRequest };

/** A request to find the user's own picture in w. */
export interface ProjectRequest {
  /** The name to store it under; "@" refers to it from then on. */
  name: string;
  /** An image file in base64. */
  picture: string;
  /** Whether the generator is tuned around it. */
  tune: boolean;
}

/** A request to save the present slider positions as one direction. */
export interface KeepRequest {
  /** The name to store it under. */
  name: string;
  /** As in "steer"; an amount of 1 of the saved direction equals all of them. */
  amounts: Record<string, number>;
  /** The layers of numbered directions. */
  layers: SteerLayers;
}

/** Messages from the generator to the dashboard. */
export type ServerMessage =
  | { type: "welcome"; protocol: number; backend: string }
  | { type: "model"; id: number; model: ModelInfo }
  | { type: "picture"; id: number; picture: Picture }
  | { type: "dropped"; id: number }
  | { type: "progress"; id: number; what: string; fraction: number }
  | { type: "found"; id: number; name: string }
  | { type: "kept"; id: number; name: string }
  | { type: "error"; id: number; message: string };

/** Most pictures per request. */
export const MAX_PICTURES = 64;

/**
 * Validates a request that came from a page.
 * @throws TypeError naming what is wrong
 */
export function parseRequest(value: unknown): GenerateRequest {
  const wrong = (expected: string) =>
    new TypeError(
      `Cannot generate: expected ${expected}, received ${JSON.stringify(value)?.slice(0, 80)}`,
    );
  if (typeof value !== "object" || value === null) throw wrong("an object");
  const r = value as Record<string, unknown>; // each field is checked below
  const isUnit = (n: unknown) => typeof n === "number" && n >= 0 && n <= 1;
  const areSeeds = (s: unknown) =>
    Array.isArray(s) && s.length > 0 && s.length <= MAX_PICTURES && s.every(isSeed);
  const isDrawn = typeof r.truncation === "number" && Math.abs(r.truncation) <= 2 &&
    (r.label === undefined || (typeof r.label === "string" && r.label.length <= 1024)) &&
    (r.cutoff === undefined || (isSeed(r.cutoff) && Number(r.cutoff) <= 64));
  const tests: Record<string, boolean> = {
    seeds: areSeeds(r.seeds) && isDrawn,
    interpolate: isSeed(r.from) && isSeed(r.to) && isUnit(r.position) && isDrawn,
    mix: isSeed(r.coarse) && isSeed(r.fine) && isDrawn && Array.isArray(r.layers) &&
      r.layers.length <= 64 && r.layers.every((l) => typeof l === "boolean"),
    fade: isSeed(r.seed) && isUnit(r.alpha) && isDrawn,
    steer: (isSeed(r.source) || isPicture(r.source)) && isDrawn &&
      areLayers(r.layers) && areAmounts(r.amounts),
    // each is checked where the controls are known
    plugin: typeof r.values === "object" && r.values !== null &&
      Object.keys(r.values).length <= 32,
  };
  if (!Object.hasOwn(tests, String(r.kind))) {
    throw wrong(`a kind of ${Object.keys(tests).join(", ")}`);
  }
  if (!tests[String(r.kind)]) {
    throw wrong(`the fields of "${r.kind}", of which seeds are 0 … ${LARGEST_SEED}`);
  }
  return value as GenerateRequest; // checked field by field above
}

function isPicture(value: unknown): boolean {
  return typeof value === "string" && value.startsWith("@") && isKeptName(value.slice(1));
}

function areLayers(value: unknown): value is SteerLayers {
  return ["all", "coarse", "middle", "fine"].includes(String(value));
}

function areAmounts(value: unknown): value is Record<string, number> {
  return typeof value === "object" && value !== null && Object.keys(value).length <= 64 &&
    Object.values(value).every((n) => typeof n === "number" && Math.abs(n) <= 100);
}

/** Describes what {@linkcode isKeptName} accepts. */
const NAMED = "a name that is a letter followed by letters, digits, - or _";

/**
 * Validates a picture that a page sends.
 * @throws TypeError naming what is wrong
 */
export function parseProjectRequest(value: unknown): ProjectRequest {
  const { name, picture, tune } = (value ?? {}) as Record<string, unknown>; // checked below
  const wrong = (expected: string) =>
    new TypeError(`Cannot project the picture: expected ${expected}`);
  if (typeof name !== "string" || !isKeptName(name)) throw wrong(NAMED);
  if (typeof picture !== "string" || !/^[A-Za-z0-9+/]+=*$/.test(picture)) {
    throw wrong("a picture's file in base64");
  }
  if (typeof tune !== "boolean") throw wrong("whether to tune");
  return { name, picture, tune };
}

/**
 * Validates a direction that a page sends.
 * @throws TypeError naming what is wrong
 */
export function parseKeepRequest(value: unknown): KeepRequest {
  const { name, amounts, layers } = (value ?? {}) as Record<string, unknown>; // checked below
  const wrong = (expected: string) =>
    new TypeError(`Cannot keep the direction: expected ${expected}`);
  if (typeof name !== "string" || !isKeptName(name)) throw wrong(NAMED);
  if (!areAmounts(amounts) || Object.values(amounts).every((amount) => amount === 0)) {
    throw wrong("an amount other than 0 of a direction");
  }
  if (!areLayers(layers)) throw wrong("layers all, coarse, middle or fine");
  return { name, amounts, layers };
}
