/** Whether a part of a run's folder can be written, before the work whose results it keeps. */
import { expectWritableFolder } from "../../expect_writable.ts";

/**
 * Asserts that files can be written to a folder inside a run's.
 * @param folder its whole path
 * @throws ConfigError where they can't
 */
export async function expectWritablePart(folder: string): Promise<void> {
  await expectWritableFolder(folder, {
    advice: "Make it writable, or copy the run to where you may write",
  });
}
