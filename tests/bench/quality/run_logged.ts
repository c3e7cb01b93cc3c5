import { processorSeconds } from "./processor_seconds.ts";
import { writeAll } from "../../../core/write_all.ts";

/**
 * Runs a program to its end, with its log in a file that can be read meanwhile.
 * @returns its standard output, and its processor seconds, or null if they are unknown
 * @throws Error with the last line of its log if it fails
 */
export async function runLogged(
  program: string,
  args: readonly string[],
  log: string,
): Promise<{ output: string; processor: number | null }> {
  const file = await Deno.open(log, { write: true, create: true, truncate: true });
  const child = new Deno.Command(program, { args: [...args], stdout: "piped", stderr: "piped" })
    .spawn();
  const seconds = processorSeconds(child.pid);
  const [output] = await Promise.all([
    new Response(child.stdout).text(),
    writeAsItComes(child.stderr, file),
  ]);
  const { code } = await child.status;
  const processor = await seconds.stop();
  if (code === 0) return { output, processor };
  const said = (await Deno.readTextFile(log)).trim().split("\n").at(-1);
  throw new Error(`Cannot go on: expected exit code 0, received ${code}: ${said}. Read ${log}`);
}

/** Not `pipeTo(file.writable)`, which buffers short writes until the file is closed (Deno 2.9). */
async function writeAsItComes(chunks: ReadableStream<Uint8Array>, file: Deno.FsFile) {
  for await (const chunk of chunks) await writeAll(file, chunk);
  file.close();
}
