/** Reads all drawings of a file of any supported format. */
import { collectStrokes } from "./collect_strokes.ts";
import { type Drawing, type SkipLog, TOO_SHORT } from "./drawing.ts";
import { openSketch } from "./open_sketch.ts";
import { parseDoodler } from "./parse_doodler.ts";
import { parseSvg } from "./parse_svg.ts";

/** How a file is read. */
export interface ReadOptions {
  /** Class of an SVG's parts; "" for none. */
  label: string;
  /** Receives what is skipped. */
  skips: SkipLog;
  /** Keeps drawings that Quick, Draw! did not recognize. */
  unrecognized?: boolean;
}

/**
 * @param path for messages, groups and words
 * @throws DrawingError with the reason if the whole file is unusable
 */
export async function readDrawings(
  bytes: Uint8Array,
  path: string,
  { label, skips, unrecognized = false }: ReadOptions,
): Promise<Drawing[]> {
  const file = await openSketch(bytes, path);
  const onDot = () => skips.add(path, TOO_SHORT);
  const onLeftOut = (what: string) => skips.add(path, what);
  switch (file.kind) {
    case "svg":
      return [parseSvg(file.text, path, { label, onDot, onLeftOut })];
    case "doodler":
      return [parseDoodler(file.text, path, { onDot })];
    case "strokes":
      return collectStrokes(file.strokes, path, { skips, unrecognized });
  }
}
