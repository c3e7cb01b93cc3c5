/// <reference lib="dom" />
/** A part of a picture on a canvas, in true pixels. */
import { drawPicture, type Place } from "./load.ts";
import { PixelCanvas } from "./pixel_canvas.tsx";
import { usePicture } from "./use_picture.ts";

/** What is shown, and what it is called. */
interface PartProps {
  url: string;
  /** Where the part lies in the loaded picture. */
  place(image: HTMLImageElement): Place;
  /** Changes when `place` does. */
  index: number;
  label: string;
}

/** Drawn at its true size; the style sheet enlarges it. */
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
