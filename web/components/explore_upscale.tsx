/// <reference lib="dom" />
/** Super-resolution: a small image in, and a slider between before and after. */
import { useState } from "preact/hooks";
import type { ExploreProps } from "./explore_parts.tsx";

/** Drops, reads and reduces an image, then shows both sides of it. */
export function UpscalePanel({ model, shown, ask }: ExploreProps) {
  const [before, setBefore] = useState<string | null>(null);
  const [position, setPosition] = useState(50);
  const [problem, setProblem] = useState<string | null>(null);
  const side = model.inputResolution ?? 64;
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      const url = await reduce(file, side);
      setBefore(url);
      setProblem(null);
      ask({ kind: "upscale", png: url.slice(url.indexOf(",") + 1) });
    } catch {
      setProblem(`“${file.name}” could not be read as an image.`);
    }
  };
  return (
    <div class="explore-body">
      <div class="controls">
        <label
          class="drop"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            void take(event.dataTransfer?.files[0]);
          }}
        >
          <strong>Drop an image</strong>
          <span class="muted small">
            or choose one; it is cut square and reduced to {side} px first
          </span>
          <input
            type="file"
            accept="image/*"
            onChange={(event) => void take(event.currentTarget.files?.[0])}
          />
        </label>
        {problem && <p class="notice error" role="alert">{problem}</p>}
      </div>
      <div class="output">
        {before && shown
          ? (
            <div class="before-after">
              <img class="grid-picture" src={shown.url} alt="Enlarged" data-testid="output" />
              <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="Before">
                <defs>
                  <clipPath id="before-clip">
                    <rect x="0" y="0" width={position} height="100" />
                  </clipPath>
                </defs>
                <Before url={before} />
                <line x1={position} x2={position} y1="0" y2="100" />
              </svg>
              <input
                type="range"
                aria-label="Divide between before and after"
                min="0"
                max="100"
                value={position}
                onInput={(event) => setPosition(Number(event.currentTarget.value))}
              />
            </div>
          )
          : <p class="cell missing">the image appears here, before and after</p>}
      </div>
    </div>
  );
}

function Before({ url }: { url: string }) {
  return (
    <image
      href={url}
      width="100"
      height="100"
      preserveAspectRatio="none"
      clip-path="url(#before-clip)"
    />
  );
}

/** Cuts the middle square and reduces it; gives a PNG as a data address. */
async function reduce(file: File, side: number): Promise<string> {
  const image = await createImageBitmap(file);
  const square = Math.min(image.width, image.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("Cannot reduce an image: this browser gives no 2d canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(
    image,
    (image.width - square) / 2,
    (image.height - square) / 2,
    square,
    square,
    0,
    0,
    side,
    side,
  );
  return canvas.toDataURL("image/png");
}
