/// <reference lib="dom" />
/** A cell of a sample grid on a canvas. */
import type { PublicSample } from "../live/wire.ts";
import { placeOfCell } from "./load.ts";
import { Part } from "./part.tsx";

/** Draws a cell; the style sheet enlarges it without smoothing. */
export function Cell(
  { sample, cell, label }: { sample: PublicSample; cell: number; label: string },
) {
  const place = (image: HTMLImageElement) => placeOfCell(image, { sample, cell });
  return <Part url={sample.url} place={place} index={cell} label={label} />;
}
