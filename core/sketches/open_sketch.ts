/** From a file's bytes to its drawings, as the file has them. */
import { DrawingError } from "./drawing.ts";
import { gunzip } from "./gunzip.ts";
import { type FoundStrokes, parseStrokes } from "./parse_strokes.ts";
import { parseQuickDrawBinary } from "./quickdraw_binary.ts";
import { asUtf8, sketchFormat, textOf, xmlText } from "./sketch_format.ts";
import { parseSketchRnn } from "./sketch_rnn.ts";

/** A file that is known by its content. */
export type SketchFile =
  | { kind: "svg"; text: string }
  | { kind: "doodler"; text: string }
  | { kind: "strokes"; strokes: Iterable<FoundStrokes> };

/**
 * Looks what a file is; strokes are read as they are asked for.
 * @param path decides where the content doesn't
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
