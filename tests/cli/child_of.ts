/** Finds processes that another one started. */

/**
 * The child of a process whose command line contains a text; Linux only.
 * @throws Error where there is none
 */
export async function childOf(parent: number, text: string): Promise<number> {
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // it may have ended meanwhile
    const read = (file: string) => Deno.readTextFile(`/proc/${name}/${file}`).catch(() => "");
    const stat = await read("stat");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(fields[1]) === parent && (await read("cmdline")).includes(text)) return Number(name);
  }
  throw new Error(`Cannot find "${text}" among the children of process ${parent}`);
}
