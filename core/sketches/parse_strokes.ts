/**
 * Parses stroke drawings in a text: Quick, Draw!'s JSON, one drawing per line or in one array,
 * simplified `[xs, ys]`, raw `[xs, ys, milliseconds]`, or with a part label per point `[xs, ys,
 * labels]` (the format of the SPG data set: Li et al., "Universal Perceptual Grouping", 2018); and
 * its CSV.
 */
import { fieldsOf } from "./csv_line.ts";
import { DrawingError } from "./drawing.ts";
import { textValues } from "./json_values.ts";
import { drawingOfJson, type StrokeDrawing } from "./stroke_drawing.ts";

/** A drawing of a file, or the reason why it can't be read. */
export interface FoundStrokes {
  /** Its number in the file, from 1; for a text with one drawing per line, the line number. */
  number: number;
  drawing: StrokeDrawing | DrawingError;
}

/**
 * The drawings of a text one by one; only one of them is in memory at a time.
 * @param bytes UTF-8
 */
export function* parseStrokes(bytes: Uint8Array): Generator<FoundStrokes> {
  let columns: string[] | undefined, isFirst = true;
  for (const { number, text } of textValues(bytes)) {
    if (isFirst && text !== undefined && /^[^[{]*\bdrawing\b/.test(text)) {
      columns = fieldsOf(text).map((name) => name.trim());
    } else yield { number, drawing: found(() => drawingOfText(text, columns)) };
    isFirst = false;
  }
}

function drawingOfText(
  text: string | undefined,
  columns: readonly string[] | undefined,
): StrokeDrawing {
  if (text === undefined) throw new DrawingError("a line of more than 4 MiB");
  if (!columns) return drawingOfJson(jsonOf(text));
  const fields = fieldsOf(text);
  const of = Object.fromEntries(columns.map((name, i) => [name, fields[i]]));
  return drawingOfJson({ ...of, drawing: jsonOf(of.drawing ?? "") });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DrawingError("a line that is not JSON");
  }
}

/** The result of `read`, or the DrawingError that it throws. */
export function found<T>(read: () => T): T | DrawingError {
  try {
    return read();
  } catch (error) {
    if (error instanceof DrawingError) return error;
    throw error;
  }
}
