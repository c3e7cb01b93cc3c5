/** Opens a sketch file according to its format. */
import { DrawingError } from "./drawing.ts";
import { gunzip } from "./gunzip.ts";
import { type FoundStrokes, parseStrokes } from "./parse_strokes.ts";
import { parseQuickDrawBinary } from "./quickdraw_binary.ts";
import { asUtf8, sketchFormat, textOf, xmlText } from "./sketch_format.ts";
import { parseSketchRnn } from "./sketch_rnn.ts";

/** An opened file, by its detected format. */
export type SketchFile =
  | { kind: "svg"; text: string }
  | { kind: "doodler"; text: string }
  | { kind: "strokes"; strokes: Iterable<FoundStrokes> };

/**
 * Detects the format of a file and opens it; strokes are read lazily.
 * @param path decides if the content is ambiguous
 * @throws DrawingError that says what the file is instead
 */
export async function openSketch(bytes: Uint8Array, path: string): Promise<SketchFile> {
  let format = sketchFormat(bytes, path);
  if (format === "gzip") {
    bytes = await gunzip(bytes);
    format = sketchFormat(bytes, path.replace(/\.gz$/i, ""));
  }
  switch (format) {
    case "svg":
      return { kind: "svg", text: xmlText(bytes) };
    case "doodler":
      return { kind: "doodler", text: textOf(bytes) };
    case "strokes":
      return { kind: "strokes", strokes: parseStrokes(asUtf8(bytes)) };
    case "quickdraw-binary":
      return { kind: "strokes", strokes: parseQuickDrawBinary(bytes) };
    case "npz":
      return { kind: "strokes", strokes: parseSketchRnn(bytes) };
    case "gzip":
      throw new DrawingError("packed twice: unpack it and pass what it holds");
  }
}
