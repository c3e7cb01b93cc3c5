/**
 * Files with one entry per line: appended to during training, cut back when a run is resumed from a
 * checkpoint.
 */
import { openPlain } from "../../open_plain.ts";
import { AppendFile } from "./append_file.ts";
import { replaceFile } from "./replace_file.ts";

const NEWLINE = 0x0a;

/** An open text file to which lines are appended. */
export class LineFile {
  readonly path: string;
  readonly #end: AppendFile;

  private constructor(path: string, end: AppendFile) {
    this.path = path;
    this.#end = end;
  }

  /** Opens or creates the file; an incomplete last line, left by a crash, is cut off. */
  static async open(path: string): Promise<LineFile> {
    const file = await openPlain(path, { write: true, create: true });
    try {
      const end = await endOfLastLine(file);
      await file.truncate(end);
      await file.seek(end, Deno.SeekMode.Start);
      return new LineFile(path, new AppendFile(file, end));
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /**
   * Appends lines, in the order of the calls.
   * @param lines lines without trailing line breaks; breaks inside become spaces
   */
  append(...lines: readonly string[]): Promise<void> {
    const text = lines.map((line) => line.replace(/\r?\n|\r/g, " ") + "\n").join("");
    return this.#end.append(new TextEncoder().encode(text));
  }

  /** Makes all appends durable (fsync). */
  async sync(): Promise<void> {
    await this.#end.settled();
    await this.#end.file.sync();
  }

  /** Closes the file; call `sync()` first, since lines still being written are lost. */
  close(): void {
    this.#end.file.close();
  }
}

/**
 * Rewrites a file with only the lines that `keep` accepts. Atomic: a crash leaves either the old or
 * the new file.
 * @returns number of removed lines; 0 where there is no file
 */
export async function filterLines(path: string, keep: (line: string) => boolean): Promise<number> {
  let text: string;
  try {
    const file = await openPlain(path);
    text = await new Response(file.readable).text(); // reading to the end closes the file
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
  const lines = text.split("\n").slice(0, -1); // what follows the last break is empty or incomplete
  const kept = lines.filter(keep);
  if (kept.length === lines.length) return 0;
  await replaceFile(path, [new TextEncoder().encode(kept.map((line) => line + "\n").join(""))]);
  return lines.length - kept.length;
}

/** Position after the last line break. */
async function endOfLastLine(file: Deno.FsFile): Promise<number> {
  const { size } = await file.stat();
  const buffer = new Uint8Array(4096);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - buffer.length);
    await file.seek(start, Deno.SeekMode.Start);
    let length = 0;
    while (length < end - start) {
      const read = await file.read(buffer.subarray(length, end - start));
      if (read === null) break;
      length += read;
    }
    const at = buffer.subarray(0, length).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}
