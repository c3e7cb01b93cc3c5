/// <reference lib="dom" />
/** Sample grids over time: a scrubber, the growth as a film, and the data for comparison. */
import { useEffect, useState } from "preact/hooks";
import type { Phase } from "../../core/schedule.ts";
import { count } from "../lib/format.ts";
import type { PublicSample } from "../live/wire.ts";
import { Cell } from "../pictures/cell.tsx";
import { drawnAt, drawnCells, wordFor } from "../pictures/drawn.ts";
import { marksOf, placeOf } from "../pictures/growth.ts";
import { drawPicture, loadPicture } from "../pictures/load.ts";
import { PixelCanvas } from "../pictures/pixel_canvas.tsx";
import { usePicture } from "../pictures/use_picture.ts";
import { Picture } from "./picture.tsx";
import { Viewer } from "./viewer.tsx";
import { Section } from "./section.tsx";
import { addressOf } from "../lib/address.ts";

interface Props {
  id: string;
  samples: readonly PublicSample[];
  phases: readonly Phase[];
  /** Index of the sample shown; null follows the newest. */
  at: number | null;
  onAt: (at: number | null) => void;
  /** The drawn cell that the other views follow. */
  cell: number;
  onCell: (cell: number) => void;
}

/** Duration of a frame of the film, ms. */
const FRAME = 320;

export function Samples({ id, samples, phases, at, onAt, cell, onCell }: Props) {
  const [isPlaying, setPlaying] = useState(false);
  const [enlarged, setEnlarged] = useState<string | null>(null);
  const index = Math.min(at ?? samples.length - 1, samples.length - 1);
  const sample = samples[index];

  useEffect(() => {
    if (!isPlaying) return;
    const next = samples[index + 1];
    if (!next) return setPlaying(false);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOld = false;
    loadPicture(next.url).catch(() => {}).finally(() => {
      if (!isOld) {
        timer = setTimeout(() => onAt(index + 1 === samples.length - 1 ? null : index + 1), FRAME);
      }
    });
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [isPlaying, index, samples.length]);

  if (!sample) {
    return (
      <Section id="samples" title="Samples">
        <p class="muted">The first grid appears when the trainer writes it.</p>
      </Section>
    );
  }
  const cells = drawnCells(sample).length;
  const word = wordFor(sample);
  const play = () => {
    if (!isPlaying && index === samples.length - 1) onAt(0);
    setPlaying(!isPlaying);
  };
  return (
    <Section
      id="samples"
      title="Samples"
      note={word === "Seed"
        ? "The same latents at every moment. Click a picture to follow its seed below."
        : "The same inputs at every moment. Click a generated picture to follow it below."}
    >
      <div class="samples">
        <figure>
          <Grid sample={sample} cell={cell} onCell={onCell} />
          <figcaption>
            Generated{" "}
            <span class="muted">
              ({sample.weights === "ema" ? "average weights" : "live weights"})
            </span>
            <button type="button" class="button tiny quiet" onClick={() => setEnlarged(sample.url)}>
              Enlarge
            </button>
          </figcaption>
        </figure>
        <figure>
          <Picture
            url={addressOf(`/api/runs/${id}/reals`)}
            alt="Pictures of the data"
            class="grid-picture"
            gone="no picture of the data in this run folder"
          />
          <figcaption>
            Data
            <button
              type="button"
              class="button tiny quiet"
              onClick={() => setEnlarged(addressOf(`/api/runs/${id}/reals`))}
            >
              Enlarge
            </button>
          </figcaption>
        </figure>
        <figure class="followed">
          <Cell
            sample={sample}
            cell={cell % cells}
            label={`${word} ${cell % cells + 1}, ${placeOf(sample)}`}
          />
          <figcaption>
            {word} {cell % cells + 1}
            <span class="row">
              <button
                type="button"
                class="button tiny quiet"
                aria-label={`Previous ${word.toLowerCase()}`}
                onClick={() => onCell((cell + cells - 1) % cells)}
              >
                ‹
              </button>
              <button
                type="button"
                class="button tiny quiet"
                aria-label={`Next ${word.toLowerCase()}`}
                onClick={() => onCell((cell + 1) % cells)}
              >
                ›
              </button>
            </span>
          </figcaption>
        </figure>
      </div>
      <div class="scrubber">
        <button
          type="button"
          class="button"
          aria-label={isPlaying ? "Pause" : "Play the growth"}
          onClick={play}
        >
          {isPlaying ? "Pause" : "Play"}
        </button>
        <div class="scrub">
          <input
            type="range"
            aria-label="Moment of training"
            aria-valuetext={`${count(sample.imagesSeen)} images, ${placeOf(sample)}`}
            min="0"
            max={Math.max(1, samples.length - 1)}
            value={index}
            onInput={(event) => {
              setPlaying(false);
              const to = Number(event.currentTarget.value);
              onAt(to >= samples.length - 1 ? null : to);
            }}
          />
          <svg width="100%" height="8" aria-hidden="true">
            {marksOf(samples, phases).map((mark) => {
              const part = samples.length > 1 ? mark / (samples.length - 1) : 0;
              return (
                <rect
                  key={mark}
                  class={`ring-${samples[mark]!.resolution}`}
                  x={`${(part * 98.5 + 0.4).toFixed(2)}%`}
                  width="5"
                  height="5"
                  rx="2.5"
                />
              );
            })}
          </svg>
        </div>
        <p class="num" data-testid="moment">
          <strong>{count(sample.imagesSeen)}</strong> images{" "}
          <span class="muted">{placeOf(sample)}</span>
        </p>
        <button type="button" class="button tiny" disabled={at === null} onClick={() => onAt(null)}>
          Newest
        </button>
      </div>
      <Viewer
        url={enlarged}
        title={`${id} at ${count(sample.imagesSeen)} images`}
        onClose={() => setEnlarged(null)}
      />
    </Section>
  );
}

/** The whole grid; a click selects a drawn cell. */
function Grid(
  { sample, cell, onCell }: { sample: PublicSample; cell: number; onCell: (n: number) => void },
) {
  const { canvas, isGone } = usePicture(sample.url, drawPicture);
  const pick = (event: MouseEvent) => {
    const box = canvas.current!.getBoundingClientRect(); // the click was on it
    const at = (part: number, cells: number) => Math.min(cells - 1, Math.floor(part * cells));
    const next = drawnAt(sample, {
      column: at((event.clientX - box.left) / box.width, sample.columns),
      row: at((event.clientY - box.top) / box.height, sample.rows),
    });
    if (next !== null) onCell(next);
  };
  const cells = drawnCells(sample);
  const index = cells[cell % cells.length] ?? 0;
  const column = index % sample.columns;
  const row = Math.floor(index / sample.columns);
  return (
    <div class="grid-box">
      <PixelCanvas
        canvas={canvas}
        class="grid-picture"
        label={`Generated pictures: ${cells.length}, ${placeOf(sample)}`}
        data-images={sample.imagesSeen}
        onClick={pick}
      />
      {isGone && <p class="notice warning">This grid's file is gone from the run folder.</p>}
      {!isGone && (
        <svg class="pick" viewBox={`0 0 ${sample.columns} ${sample.rows}`} aria-hidden="true">
          <rect x={column} y={row} width="1" height="1" />
        </svg>
      )}
    </div>
  );
}
