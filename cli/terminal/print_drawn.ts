/** Reports what was drawn, for people or programs. */
import { print, printJson } from "./print.ts";
import { relative } from "node:path";
import { formatCount } from "./format.ts";
import type { OpenRun } from "../../core/run/open_run.ts";

/** What {@linkcode printDrawn} reports. */
export interface DrawnReport {
  files: readonly string[]; // absolute
  json: boolean | undefined;
  facts: Record<string, unknown>;
}

/** Prints the files, or everything as JSON. */
export function printDrawn(run: OpenRun, { files, json, facts }: DrawnReport): void {
  const { id, imagesSeen, resolution, checkpoint } = run;
  if (json) {
    return printJson({ run: id, imagesSeen, resolution, checkpoint, ...facts, files });
  }
  const shown = files.map((file) => relative(Deno.cwd(), file));
  print(`${id} at ${formatCount(imagesSeen)} images, ${resolution} px`);
  if (shown.length <= 3) return shown.forEach((file) => print(file));
  print(`${shown.length} files, ${shown[0]} … ${shown.at(-1)}`);
}
