/// <reference lib="dom" />
/** A picture at a whole multiple of its own pixels, over the page. */
import { useEffect, useRef, useState } from "preact/hooks";
import { loadPicture } from "../pictures/load.ts";

/** @param url of the picture; null while closed */
export function Viewer(
  { url, title, onClose }: { url: string | null; title: string; onClose: () => void },
) {
  const dialog = useRef<HTMLDialogElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    if (url === null) return;
    let isOld = false;
    setGone(false);
    dialog.current?.showModal();
    loadPicture(url).then((image) => {
      if (isOld || !canvas.current) return;
      const room = Math.min(innerWidth - 60, innerHeight - 140);
      const scale = Math.max(
        1,
        Math.floor(room / Math.max(image.naturalWidth, image.naturalHeight)),
      );
      canvas.current.width = image.naturalWidth * scale;
      canvas.current.height = image.naturalHeight * scale;
      const context = canvas.current.getContext("2d");
      if (!context) return;
      context.imageSmoothingEnabled = false;
      context.drawImage(image, 0, 0, canvas.current.width, canvas.current.height);
    }, () => isOld || setGone(true));
    return () => {
      isOld = true;
    };
  }, [url]);
  return (
    <dialog ref={dialog} class="viewer" aria-label={title} onClose={onClose}>
      {isGone && <p class="cell missing">picture is gone</p>}
      <canvas
        hidden={isGone}
        ref={canvas}
        class="pixels"
        width="1"
        height="1"
        role="img"
        aria-label={title}
      />
      <div class="row between viewer-foot">
        <span class="muted small">{title}</span>
        <button type="button" class="button" onClick={() => dialog.current?.close()}>Close</button>
      </div>
    </dialog>
  );
}
