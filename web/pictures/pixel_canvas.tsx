/// <reference lib="dom" />
/** A canvas whose pixels stay square when the style sheet enlarges it. */
import type { CanvasHTMLAttributes, RefObject } from "preact";

interface Props extends CanvasHTMLAttributes<HTMLCanvasElement> {
  canvas: RefObject<HTMLCanvasElement | null>;
  label: string;
  /** Additional classes. */
  class?: string;
}

/** The canvas is one pixel large until something is drawn. */
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
