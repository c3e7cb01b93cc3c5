/// <reference lib="dom" />
/** An image from the user's disk, and a slider between before and after. */
import { DropField } from "./drop_field.tsx";
import { useEffect, useState } from "preact/hooks";
import type { ImageControl } from "../../core/plugin/explore.ts";
import type { Shown } from "../explore/use_generator.ts";
import { Segments } from "./segments.tsx";

/** Longest side that is enlarged while the user waits, px. */
const MAX_SIDE = 512;

/** The size of the image before it is enlarged. */
type Start = "small" | "own";

/** Reads and reduces a dropped image, and passes it to `onChange` as the data URL of a PNG. */
export function ImageDrop(
  { control: { label, side }, onChange }: {
    control: ImageControl;
    onChange: (url: string) => void;
  },
) {
  const [file, setFile] = useState<File | null>(null);
  const [start, setStart] = useState<Start>("small");
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (!file) return;
    let isOld = false;
    reducePicture(file, start === "small" ? side : null).then((url) => {
      if (isOld) return;
      setProblem(null);
      onChange(url);
    }, () => isOld || setProblem(`“${file.name}” could not be read as an image.`));
    return () => {
      isOld = true;
    };
  }, [file, start, side]);
  return (
    <>
      <DropField
        label={label}
        hint="or choose one; it stays on this machine"
        onFile={(chosen) => setFile(chosen ?? null)}
      />
      <div class="field">
        <span>Start with</span>
        <Segments
          label="Start with"
          options={{ small: `${side} px, as in training`, own: "its own size" }}
          value={start}
          onChange={setStart}
        />
      </div>
      {problem && <p class="notice error" role="alert">{problem}</p>}
    </>
  );
}

/** Shows the sent image and the result with a movable divider between them. */
export function BeforeAfter(
  { before, shown, label, smooth }: {
    before: string;
    shown: Shown;
    label: string;
    smooth: "pixels" | "smooth";
  },
) {
  const [position, setPosition] = useState(50);
  return (
    <div class="before-after">
      <img class="grid-picture" src={shown.url} alt={label} data-testid="output" />
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="Before">
        <defs>
          <clipPath id="before-clip">
            <rect x="0" y="0" width={position} height="100" />
          </clipPath>
        </defs>
        <image
          class={smooth}
          href={before}
          width="100"
          height="100"
          preserveAspectRatio="none"
          clip-path="url(#before-clip)"
        />
        <line class="edge" x1={position} x2={position} y1="0" y2="100" />
        <line x1={position} x2={position} y1="0" y2="100" />
      </svg>
      <span class="side" aria-hidden="true">before</span>
      <span class="side after" aria-hidden="true">after</span>
      <input
        type="range"
        aria-label="Divide between before and after"
        min="0"
        max="100"
        value={position}
        onInput={(event) => setPosition(Number(event.currentTarget.value))}
      />
    </div>
  );
}

/**
 * Reads an image.
 * @param side side to which the central square is reduced, px; null keeps the image as it is,
 * unless it is too large
 * @returns a PNG as a data URL
 */
export async function reducePicture(file: File, side: number | null): Promise<string> {
  const image = await createImageBitmap(file);
  const { width, height } = image;
  const square = Math.min(width, height);
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  const reduced = (length: number) => Math.max(1, Math.round(length * scale));
  const from = side ? { width: square, height: square } : { width, height };
  const to = side
    ? { width: side, height: side }
    : { width: reduced(width), height: reduced(height) };
  const canvas = Object.assign(document.createElement("canvas"), to);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("Cannot reduce an image: this browser gives no 2d canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(
    image,
    (width - from.width) / 2,
    (height - from.height) / 2,
    from.width,
    from.height,
    0,
    0,
    to.width,
    to.height,
  );
  image.close();
  return canvas.toDataURL("image/png");
}
