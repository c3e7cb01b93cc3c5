/// <reference lib="dom" />
/** Shows a picture over the page, at an integer multiple of its size. */
import { useEffect, useRef } from "preact/hooks";
import { drawPicture } from "../pictures/load.ts";
import { PixelCanvas } from "../pictures/pixel_canvas.tsx";
import { usePicture } from "../pictures/use_picture.ts";

/** @param url of the picture; null while closed */
export function Viewer(
  { url, title, onClose }: { url: string | null; title: string; onClose: () => void },
) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (url !== null) dialog.current?.showModal();
  }, [url]);
  return (
    <dialog ref={dialog} class="viewer" aria-label={title} onClose={onClose}>
      {url !== null && <Enlarged key={url} url={url} title={title} />}
      <div class="row between viewer-foot">
        <span class="muted small">{title}</span>
        <button type="button" class="button" onClick={() => dialog.current?.close()}>Close</button>
      </div>
    </dialog>
  );
}

/** The picture, as large as the window allows. */
function Enlarged({ url, title }: { url: string; title: string }) {
  const { canvas, isGone } = usePicture(url, (canvas, image) => {
    const room = Math.min(innerWidth - 60, innerHeight - 140);
    const side = Math.max(image.naturalWidth, image.naturalHeight);
    drawPicture(canvas, image, { scale: Math.max(1, Math.floor(room / side)) });
  });
  return (
    <>
      {isGone && <p class="cell missing">picture is gone</p>}
      <PixelCanvas canvas={canvas} label={title} hidden={isGone} />
    </>
  );
}
