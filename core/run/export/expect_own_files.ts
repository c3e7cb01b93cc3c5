import { join } from "node:path";
import { RunError } from "../run_error.ts";
import { CARD, isModelCard } from "./model_card.ts";

/**
 * Asserts that an export overwrites only files of an earlier export: the folder has none of the
 * named files, or the model card of an export.
 * @param folder absolute
 * @throws RunError naming the first file that would be lost
 */
export async function expectOwnFiles(folder: string, names: readonly string[]): Promise<void> {
  const card = await Deno.readTextFile(join(folder, CARD)).catch(() => "");
  if (isModelCard(card)) return;
  for (const name of names) {
    if (!await Deno.lstat(join(folder, name)).then(() => true, () => false)) continue;
    throw new RunError(
      `Cannot export to ${folder}: expected a new folder or that of an earlier export, received ` +
        `one with a ${name} that no export wrote, which would be lost. Use another --out`,
    );
  }
}
