/** Turns the strokes of a file into drawings with parts. */
import { basename } from "node:path";
import { type Drawing, DrawingError, type SkipLog, TOO_SHORT } from "./drawing.ts";
import { found, type FoundStrokes } from "./parse_strokes.ts";
import type { StrokeDrawing } from "./stroke_drawing.ts";
import { LabelVote, partsOf } from "./stroke_parts.ts";

/** Why a drawing that Quick, Draw! did not recognize is skipped. */
const UNRECOGNIZED = "not recognized by Quick, Draw!, which --unrecognized keeps";

/**
 * All drawings of a file. Whether third rows are times or labels is decided for the file as a
 * whole.
 * @param path for messages, groups and, if the file has none, the word
 * @param options.unrecognized keeps drawings that Quick, Draw! did not recognize
 * @param options.skips receives the skipped drawings
 */
export function collectStrokes(
  strokes: Iterable<FoundStrokes>,
  path: string,
  { skips, unrecognized = false }: { skips: SkipLog; unrecognized?: boolean },
): Drawing[] {
  const read: { strokes: StrokeDrawing; place: string }[] = [], vote = new LabelVote();
  for (const { number, drawing } of strokes) {
    const place = `${path}:${number}`;
    if (drawing instanceof DrawingError) skips.add(place, drawing.message);
    else if (!drawing.recognized && !unrecognized) skips.add(place, UNRECOGNIZED);
    else {
      read.push({ strokes: drawing, place });
      vote.add(drawing);
    }
  }
  const stem = wordOf(path), { labelled } = vote, drawings: Drawing[] = [];
  for (const { strokes, place } of read) {
    const onDot = () => skips.add(place, TOO_SHORT);
    const parts = found(() => partsOf(strokes, { word: strokes.word ?? stem, labelled, onDot }));
    if (parts instanceof DrawingError) skips.add(place, parts.message);
    else drawings.push({ path: place, group: place, parts, ordered: true });
  }
  return drawings;
}

/** The word in a file's name: "pig_train.ndjson" contains pigs. */
function wordOf(path: string): string {
  return basename(path).replace(/\.gz$/i, "").replace(/\.[^.]*$/, "").replace(
    /[_-](train|test|valid(ation)?)$/,
    "",
  );
}
