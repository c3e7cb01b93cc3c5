/** Pictures for people: grids and animations. */
export { encodePng, renderGrid, toByte, writeGrid, writePicture } from "./grid.ts";
export type { GridOptions, HostImages, RawPicture } from "./grid.ts";
export { writeAnimation } from "./animate.ts";
export type { AnimationOptions, Frame } from "./animate.ts";
