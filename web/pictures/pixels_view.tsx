/// <reference lib="dom" />
/** A computed picture on a canvas. */
import { useEffect, useRef } from "preact/hooks";
import { PixelCanvas } from "./pixel_canvas.tsx";
import type { Pixels } from "./pixels.ts";

/** Draws the pixels unscaled; the style sheet enlarges them. */
export function PixelsView({ pixels, label }: { pixels: Pixels; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !canvas.current) return;
    canvas.current.width = canvas.current.height = pixels.side;
    const image = context.createImageData(pixels.side, pixels.side);
    for (let i = 0; i < pixels.side ** 2; i++) {
      for (let c = 0; c < 3; c++) image.data[i * 4 + c] = pixels.data[i * 3 + c]!;
      image.data[i * 4 + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [pixels]);
  return <PixelCanvas canvas={canvas} label={label} class="cell" />;
}
