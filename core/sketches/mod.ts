/** Sketches as lines: read from common file formats, and rasterized. */
export {
  type Box,
  BOX_SHARE,
  boxOf,
  cropMatrix,
  frameOf,
  LEAST_BOX,
  LEAST_FRAME,
  pasteLines,
} from "./box.ts";
export { DrawingError, type Polyline } from "./drawing.ts";
export { type PlacedDrawing, placedLines } from "./placed_lines.ts";
export { rasterize } from "./rasterize.ts";
export { type StrokeGroup, strokesSvg } from "./trace/strokes_svg.ts";
export { type TracedStrokes, traceStrokes } from "./trace/trace_strokes.ts";
