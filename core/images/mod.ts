/** Reads pictures, and draws grids and animations. */
export { encodePng, gridSize, renderGrid, toByte, writeGrid, writePicture } from "./grid.ts";
export type { GridOptions, HostImages, RawPicture } from "./grid.ts";
export { decodeSquare, isNeutral, type SquareOptions } from "./decode_square.ts";
export { onWhite } from "./opacity.ts";
export { frameFault, MOST_DELAY, writeAnimation } from "./animate.ts";
export type { AnimationOptions, Frame } from "./animate.ts";
export { HEAD_BYTES, latin1, pictureFormat } from "./picture_format.ts";
export type { PictureFormat, Sniffed } from "./picture_format.ts";
export { createQueue } from "./create_queue.ts";
export { PictureError } from "./picture_error.ts";
export { MAX_PIXELS, openPicture } from "./open_picture.ts";
export type { DecodeOptions, OpenedPicture } from "./open_picture.ts";
export { expectBytes, MAX_FILE_BYTES, readHead, readPictureFile } from "./read_picture_file.ts";
export { isSystemFile } from "./system_files.ts";
export { unreadable } from "./unreadable.ts";
export { listPictures } from "./list_pictures.ts";
export type { ListedPicture, PictureList } from "./list_pictures.ts";
