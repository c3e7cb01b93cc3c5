/** What is said of files that a data set leaves out. */
import { countSkipped, type DatasetInfo } from "../../data.ts";
import { inspectCommand, type InspectPlace } from "./inspect_command.ts";
import type { Notices } from "../notices.ts";

/**
 * Tells how many are left out, of the first why, and how to list all; nothing where there is none.
 */
export function warnOfSkipped(info: DatasetInfo, place: InspectPlace, notices: Notices): void {
  const [first] = info.skipped;
  if (!first) return;
  const what = info.kind === "sketches" ? "sketches" : "files";
  notices.warn(
    `${countSkipped(info.skipped)} ${what} are skipped, first ${first.path}: ${first.reason}. ` +
      `All: ${inspectCommand(info, place)}`,
  );
}
