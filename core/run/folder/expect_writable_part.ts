import { expectWritableFolder } from "../../expect_writable.ts";

/**
 * Asserts that files can be written to a folder inside a run's; called before the work that
 * produces them.
 * @param folder absolute path
 * @throws ConfigError where they can't
 */
export async function expectWritablePart(folder: string): Promise<void> {
  await expectWritableFolder(folder, {
    advice: "Make it writable, or copy the run to where you may write",
  });
}
