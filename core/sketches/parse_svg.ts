/** Parses SVG drawings: each visible shape is a part, drawn as its outline. */
import { type Drawing, DrawingError, fitToSquare, type SketchPart } from "./drawing.ts";
import { shapesOfSvg } from "./svg_shapes.ts";

/**
 * Parses an SVG and fits it to the square by the bounding box of its lines.
 * @param label class of every part, "" for none
 * @param onDot called for each subpath of one point, which is dropped
 * @param onLeftOut called once for each kind of visible content that is not a line
 * @throws DrawingError with the reason if it can't be drawn
 */
export function parseSvg(
  text: string,
  path: string,
  { label = "", ...told }: {
    label?: string;
    onDot?: () => void;
    onLeftOut?: (what: string) => void;
  } = {},
): Drawing {
  const { shapes } = shapesOfSvg(text, told);
  if (shapes.length === 0) throw new DrawingError("an empty drawing");
  const parts: SketchPart[] = shapes.map((lines) => ({
    label,
    lines: lines.map((line) => Float32Array.from(line)),
  }));
  fitToSquare(parts.flatMap(({ lines }) => lines));
  return { path, group: path, parts, ordered: false };
}
