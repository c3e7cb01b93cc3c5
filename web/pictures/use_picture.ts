/// <reference lib="dom" />
/** Draws a picture of a run folder on a canvas. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { loadPicture } from "./load.ts";

/** The canvas to draw on, and whether the picture is missing. */
export interface DrawnPicture {
  canvas: RefObject<HTMLCanvasElement | null>;
  isGone: boolean;
}

/**
 * Draws a picture once it is loaded; until then the canvas keeps the previous one.
 * @param draw draws the picture
 * @param index changes whenever `draw` does, because effects cannot compare functions
 */
export function usePicture(
  url: string,
  draw: (canvas: HTMLCanvasElement, image: HTMLImageElement) => void,
  index = 0,
): DrawnPicture {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    let isOld = false;
    loadPicture(url).then((image) => {
      if (isOld) return;
      if (canvas.current) draw(canvas.current, image);
      setGone(false);
    }, () => isOld || setGone(true));
    return () => {
      isOld = true;
    };
  }, [url, index]);
  return { canvas, isGone };
}
