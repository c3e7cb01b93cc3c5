/// <reference lib="dom" />
/** A part of a picture on a canvas, in true pixels. */
import { useEffect, useRef, useState } from "preact/hooks";
import { drawPart, loadPicture, type Place } from "./load.ts";

/** What is shown, and what it is called. */
interface PartProps {
  url: string;
  /** Where the part lies in the loaded picture. */
  place(image: HTMLImageElement): Place;
  /** Changes when `place` does: the effect compares it. */
  index: number;
  label: string;
}

/** Drawn at its true size; the style sheet enlarges it. */
export function Part({ url, place, index, label }: PartProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    let isOld = false;
    loadPicture(url).then((image) => {
      if (!isOld && ref.current) drawPart(ref.current, image, place(image));
      if (!isOld) setMissing(false);
    }, () => !isOld && setMissing(true));
    return () => {
      isOld = true;
    };
  }, [url, index]);
  return isMissing
    ? <span class="cell missing">picture is gone</span>
    : <canvas ref={ref} class="cell pixels" width="1" height="1" role="img" aria-label={label} />;
}
