/// <reference lib="dom" />
/** One cell of a sample grid on a canvas. */
import type { PublicSample } from "../live/wire.ts";
import { placeOfCell } from "./load.ts";
import { Part } from "./part.tsx";

/** A cell, enlarged in true pixels by the style sheet. */
export function Cell(
  { sample, cell, label }: { sample: PublicSample; cell: number; label: string },
) {
  const place = (image: HTMLImageElement) => placeOfCell(image, { sample, cell });
  return <Part url={sample.url} place={place} index={cell} label={label} />;
}
