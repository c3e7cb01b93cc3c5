/// <reference lib="dom" />
/** A part of a picture on a canvas, unscaled. */
import { drawPicture, type Place } from "./load.ts";
import { PixelCanvas } from "./pixel_canvas.tsx";
import { usePicture } from "./use_picture.ts";

interface PartProps {
  url: string;
  /** The rectangle of the part in the loaded picture. */
  place(image: HTMLImageElement): Place;
  /** Changes whenever `place` does. */
  index: number;
  label: string;
}

/** Draws the part at its actual size; the style sheet enlarges it. */
export function Part({ url, place, index, label }: PartProps) {
  const { canvas, isGone } = usePicture(
    url,
    (canvas, image) => drawPicture(canvas, image, { place: place(image) }),
    index,
  );
  return (
    <>
      {isGone && <span class="cell missing">picture is gone</span>}
      <PixelCanvas canvas={canvas} label={label} class="cell" hidden={isGone} />
    </>
  );
}
