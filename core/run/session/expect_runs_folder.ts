/** Checks that a run can be written, before preparing its data and plan. */
import { join, resolve } from "node:path";
import { expectWritableFolder } from "../../expect_writable.ts";
import { messageOf } from "../../text.ts";
import { lockHolder, RunLockedError } from "../folder/lock.ts";
import { NUMBERS_NAME } from "../folder/run_folder.ts";
import { RunError } from "../run_error.ts";

/**
 * Asserts that a run can be created in a folder; creates nothing itself.
 * @throws ConfigError where the folder can't be written; RunError where its file of numbers can't
 * be
 */
export async function expectRunsFolder(runsFolder: string): Promise<void> {
  const folder = resolve(runsFolder), numbers = join(folder, NUMBERS_NAME);
  const purpose = "make a run in", advice = "Choose another by --runs";
  await expectWritableFolder(folder, { purpose, advice });
  const { isFile } = await Deno.lstat(numbers).catch(() => ({ isFile: false }));
  if (!isFile) return;
  try {
    (await Deno.open(numbers, { write: true })).close(); // it may belong to another user
  } catch (cause) {
    throw new RunError(
      `Cannot ${purpose} ${folder}: expected to write ${NUMBERS_NAME} in it, received ` +
        `${messageOf(cause)}. ${advice}`,
      { cause },
    );
  }
}

/**
 * Asserts that a run can be resumed in its folder.
 * @throws ConfigError where the folder can't be written; RunLockedError where another process is
 * training the run
 */
export async function expectRunFolder({ folder }: { folder: string }): Promise<void> {
  await expectWritableFolder(folder, {
    purpose: "train in",
    advice: "Make it writable, or copy the run to where you may write",
  });
  const holder = await lockHolder(folder);
  if (holder) throw new RunLockedError(folder, holder === "unknown" ? null : holder);
}
