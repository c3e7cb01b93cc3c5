/** Whether a part of a run's folder can be written, before the work whose results it keeps. */
import { join } from "node:path";
import { expectWritableFolder } from "../../expect_writable.ts";

/**
 * Asserts that files can be written to a folder inside a run's.
 * @throws ConfigError where they can't
 */
export async function expectWritablePart(
  run: { folder: string },
  part: "drawn" | "directions" | "projected",
): Promise<void> {
  await expectWritableFolder(join(run.folder, part), {
    advice: "Make it writable, or copy the run to where you may write",
  });
}
