/// <reference lib="dom" />
/** A canvas whose pixels stay squares where the style sheet enlarges it. */
import type { CanvasHTMLAttributes, RefObject } from "preact";

interface Props extends CanvasHTMLAttributes<HTMLCanvasElement> {
  canvas: RefObject<HTMLCanvasElement | null>;
  label: string;
  /** Classes beside its own. */
  class?: string;
}

/** One pixel until something is drawn. */
export function PixelCanvas({ canvas, label, class: name = "", ...attributes }: Props) {
  return (
    <canvas
      {...attributes}
      ref={canvas}
      class={`pixels ${name}`}
      width="1"
      height="1"
      role="img"
      aria-label={label}
    />
  );
}
