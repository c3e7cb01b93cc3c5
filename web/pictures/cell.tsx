/// <reference lib="dom" />
/** One cell of a sample grid, or small pixels, on a canvas. */
import { useEffect, useRef } from "preact/hooks";
import type { PublicSample } from "../live/wire.ts";
import { placeOfCell } from "./load.ts";
import { Part } from "./part.tsx";
import type { Pixels } from "./pixels.ts";

/** A cell, enlarged in true pixels by the style sheet. */
export function Cell(
  { sample, cell, label }: { sample: PublicSample; cell: number; label: string },
) {
  const place = (image: HTMLImageElement) => placeOfCell(image, { sample, cell });
  return <Part url={sample.url} place={place} index={cell} label={label} />;
}

/** Small pixels, drawn as they are. */
export function PixelsView({ pixels, label }: { pixels: Pixels; label: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext("2d");
    if (!context || !ref.current) return;
    ref.current.width = ref.current.height = pixels.side;
    const image = context.createImageData(pixels.side, pixels.side);
    for (let i = 0; i < pixels.side ** 2; i++) {
      for (let c = 0; c < 3; c++) image.data[i * 4 + c] = pixels.data[i * 3 + c]!;
      image.data[i * 4 + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={ref}
      class="cell pixels"
      width="1"
      height="1"
      role="img"
      aria-label={label}
    />
  );
}
