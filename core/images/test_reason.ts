/** Test helper: why a picture can't be read. */
import assert from "node:assert/strict";
import { openPicture } from "./open_picture.ts";
import { PictureError } from "./picture_error.ts";

/** The message of its {@linkcode PictureError}; "read" if it can be read. */
export const reasonOf = (bytes: Uint8Array) =>
  openPicture(bytes).then((picture) => picture.decode((image) => image.raw())).then(
    () => "read",
    (error) => {
      assert(error instanceof PictureError, String(error));
      return error.message;
    },
  );
