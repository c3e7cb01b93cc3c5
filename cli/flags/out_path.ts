/** Checks where results will be written, before anything is computed for them. */
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { expectWritableFile } from "../../core/expect_writable.ts";
import { shellWord } from "../../core/run/shell_word.ts";
import { UsageError } from "../errors.ts";

/**
 * Asserts that a picture can be written to a path.
 * @param path as the user typed it
 * @throws UsageError where the extension is not .png; ConfigError where the file cannot be written
 */
export async function expectPng(path: string): Promise<void> {
  if (!/\.png$/i.test(path)) {
    throw new UsageError(`Cannot write ${path}: expected a name that ends in .png`);
  }
  await expectWritableFile(path);
}

/** @throws UsageError where the path is that of an input picture */
export async function expectNoInput(path: string, inputs: readonly string[]): Promise<void> {
  // undefined: it does not exist
  const real = (path: string) => Deno.realPath(path).catch(() => undefined);
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
 * Asserts that a picture is not written into the data, where it would be read as one of its images.
 * @param data as the user typed it; only for a folder can the path lie inside
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

/** Resolves the links of a path, as far as it exists. */
async function realFolder(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch {
    return dirname(path) === path ? path : join(await realFolder(dirname(path)), basename(path));
  }
}
