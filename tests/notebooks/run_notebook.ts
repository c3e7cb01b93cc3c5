/** Runs a notebook's cells in a real kernel. */
import { type CellOutput, startKernel } from "./jupyter_kernel.ts";

/** A cell as it is stored in a notebook (nbformat 4). */
interface Cell {
  cell_type: "code" | "markdown" | "raw";
  source: string | string[];
  metadata: { tags?: string[] };
}

/**
 * Executes the code cells in order.
 * @param folder where the kernel runs; its deno.json applies
 * @param parameters code that is executed after the cell tagged "parameters", as in papermill
 * @returns the output of each code cell
 * @throws Error where a cell fails
 */
export async function runNotebook(
  path: string | URL,
  folder: string,
  parameters: string,
): Promise<CellOutput[]> {
  const { cells } = JSON.parse(await Deno.readTextFile(path)) as { cells: Cell[] }; // nbformat 4
  const kernel = await startKernel(folder);
  const execute = async (code: string) => {
    const output = await kernel.execute(code);
    if (output.error === undefined) return output;
    throw new Error(`Cannot run a cell:\n${code}\n${output.printed}${output.error}`);
  };
  try {
    const outputs: CellOutput[] = [];
    for (const { cell_type, source, metadata: { tags = [] } } of cells) {
      if (cell_type !== "code") continue;
      outputs.push(await execute([source].flat().join("")));
      if (tags.includes("parameters")) await execute(parameters);
    }
    return outputs;
  } finally {
    await kernel.close();
  }
}
