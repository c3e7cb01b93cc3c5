/** Writes a run's curves and sample grids as TensorBoard events. */
import { join } from "node:path";
import type { Observer } from "../../events.ts";
import { type TensorBoardOptions, TensorBoardWriter } from "../tensorboard/writer.ts";

/** Keeps the TensorBoard events of a run. */
export async function tensorboardObserver(
  folder: string,
  options: TensorBoardOptions = {},
): Promise<Observer> {
  const writer = await TensorBoardWriter.open(folder, options);
  return {
    name: "The TensorBoard file",
    async on(event) {
      if (event.type === "progress" || event.type === "metrics") {
        await writer.scalars(event.imagesSeen, event.values);
      }
      if (event.type === "samples") {
        const { path, imagesSeen, columns, rows, cell } = event.entry;
        const png = await Deno.readFile(join(folder, path));
        await writer.image(imagesSeen, "samples", {
          width: columns * cell,
          height: rows * cell,
          channels: 3,
          png,
        });
      }
    },
    close: () => writer.close(),
  };
}
