/** Test helper: drawings of a text. */
import { collectStrokes } from "./collect_strokes.ts";
import type { Drawing, SkipLog } from "./drawing.ts";
import { parseStrokes } from "./parse_strokes.ts";

/** The drawings of an .ndjson file with this text. */
export function drawingsOfText(
  text: string,
  path: string,
  skips: SkipLog,
  unrecognized = false,
): Drawing[] {
  const strokes = parseStrokes(new TextEncoder().encode(text));
  return collectStrokes(strokes, path, { skips, unrecognized });
}
