/// <reference lib="dom" />
/** A picture of a run folder drawn on a canvas. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { loadPicture } from "./load.ts";

/** What is drawn on, and whether there is nothing to draw. */
export interface DrawnPicture {
  canvas: RefObject<HTMLCanvasElement | null>;
  isGone: boolean;
}

/**
 * Draws a picture once it is loaded; what another address left is kept until then.
 * @param draw does it
 * @param index changes when `draw` does: the effect compares it
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
