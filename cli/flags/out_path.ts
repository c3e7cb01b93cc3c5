/** Where results go, looked at before anything is drawn for them. */
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { expectWritableFile } from "../../core/expect_writable.ts";
import { shellWord } from "../../core/run/shell_word.ts";
import { UsageError } from "../errors.ts";

/**
 * Asserts that a picture can be written to a path.
 * @param path as it was typed
 * @throws UsageError where its name says another format than PNG; ConfigError where it can't be
 * written
 */
export async function expectPng(path: string): Promise<void> {
  if (!/\.png$/i.test(path)) {
    throw new UsageError(`Cannot write ${path}: expected a name that ends in .png`);
  }
  await expectWritableFile(path);
}

/** @throws UsageError where a path is that of a picture that is read */
export async function expectNoInput(path: string, inputs: readonly string[]): Promise<void> {
  const real = (path: string) => Deno.realPath(path).catch(() => undefined); // of none: not there
  const own = await real(path);
  if (own === undefined) return;
  for (const input of inputs) {
    if (await real(input) !== own) continue;
    throw new UsageError(
      `Cannot write ${path}: expected another file than the pictures, received ${input}. Use ` +
        `another --out`,
    );
  }
}

/**
 * Asserts that a picture isn't written among those that are read, where it would be one of them.
 * @param data as it was typed; another source than a folder holds no file that is written
 * @throws UsageError where the path lies in the folder of the data
 */
export async function expectOutside(path: string, data: string): Promise<void> {
  if (!await Deno.stat(data).then((info) => info.isDirectory, () => false)) return;
  const inside = relative(await Deno.realPath(data), await realFolder(dirname(resolve(path))));
  if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return;
  const other = join(data, "..", basename(path));
  throw new UsageError(
    `Cannot write ${path}: expected a place outside the data, received one in ${data}, where ` +
      `it would be read as a picture. Name another, such as ${shellWord(other)}`,
  );
}

/** A folder without links, as far as it exists. */
async function realFolder(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch {
    return dirname(path) === path ? path : join(await realFolder(dirname(path)), basename(path));
  }
}
