/** Warnings about files that a data set skips. */
import { countSkipped, type DatasetInfo, type SkippedFile } from "../../data.ts";
import { inspectCommand, type InspectPlace } from "./inspect_command.ts";
import type { Notices } from "../notices.ts";

/**
 * Warns how many files are skipped, why the first one is, and how to list them all; says nothing
 * where none is.
 */
export function warnOfSkipped(info: DatasetInfo, place: InspectPlace, notices: Notices): void {
  const [first] = info.skipped;
  if (!first) return;
  const count = countSkipped(info.skipped), isSketch = info.kind === "sketches";
  const skipped = count === 1
    ? `1 ${isSketch ? "sketch" : "file"} is skipped, `
    : `${count} ${isSketch ? "sketches" : "files"} are skipped, first `;
  notices.warn(
    `${skipped}${first.path}: ${first.reason}. ` +
      `All: ${inspectCommand(info, place)}`,
  );
}

/** How many unusable pictures are named while batches are drawn. */
const NAMED = 5;

/**
 * Warns of pictures that turn out to be unusable while batches are drawn: the first few by name,
 * then their number at each power of ten.
 */
export function warnWhileDrawn(notices: Notices): (file: SkippedFile) => void {
  let count = 0;
  return ({ path, reason }) => {
    count++;
    if (count <= NAMED) notices.warn(`${path} is skipped: ${reason}`);
    else if (Number.isInteger(Math.log10(count))) {
      notices.warn(`${count} pictures are skipped by now, the last ${path}: ${reason}`);
    }
  };
}
