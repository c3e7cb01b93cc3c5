/// <reference lib="dom" />
/** Controls that several modes of exploring share. */
import { useState } from "preact/hooks";
import type { GenerateRequest, ModelInfo } from "../../core/explore/protocol.ts";
import type { Shown } from "../explore/use_generator.ts";

/** What each mode of exploring gets. */
export interface ExploreProps {
  model: ModelInfo;
  shown: Shown | null;
  /** The class to draw; undefined: each seed's own. */
  label: string | undefined;
  ask: (request: GenerateRequest) => void;
}

/** The newest picture at its actual size; `empty` is shown until there is one. */
export function Output(
  { shown, label, empty = "waiting for the first picture" }: {
    shown: Shown | null;
    label: string;
    empty?: string;
  },
) {
  return (
    <div class="output">
      {shown
        ? <img class="grid-picture" src={shown.url} alt={label} data-testid="output" />
        : <p class="cell missing">{empty}</p>}
    </div>
  );
}

interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  onChange: (value: number) => void;
  text: string;
}

/** A labelled slider with its value. */
export function Slider({ label, value, min, max, step, onChange, text }: SliderProps) {
  return (
    <label class="field">
      <span class="row between">
        <span>{label}</span>
        <span class="num" aria-hidden="true">{text}</span>
      </span>
      <input
        type="range"
        aria-label={label}
        aria-valuetext={text}
        {...{ min, max, step, value }}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
    </label>
  );
}

/** The largest first seed: seeds have 32 bits, and up to 63 of its successors are drawn with it. */
const LAST_SEED = 2 ** 32 - 64;

/** An input for a seed, with a button for a random one. */
export function SeedField(
  { label, value, onChange }: { label: string; value: number; onChange: (seed: number) => void },
) {
  return (
    <div class="seed">
      <label class="field">
        {label}
        <input
          class="input num"
          type="number"
          min="0"
          max={LAST_SEED}
          value={value}
          onInput={(event) => {
            const seed = event.currentTarget.valueAsNumber;
            if (Number.isInteger(seed) && seed >= 0 && seed <= LAST_SEED) onChange(seed);
          }}
        />
      </label>
      <button
        type="button"
        class="button"
        aria-label={`Roll: ${label}`}
        onClick={() => onChange(crypto.getRandomValues(new Uint32Array(1))[0]! % 100_000)}
      >
        Roll
      </button>
    </div>
  );
}

/** The truncation of latents. */
export interface Truncated {
  /** ψ: 1 is no truncation, 0 gives the mean. */
  truncation: number;
  /** The first style layer that is not truncated; default: all are. */
  cutoff?: number;
}

/** The state of {@linkcode Truncation}. */
export function useTruncated(model: ModelInfo): [Truncated, (next: Truncated) => void] {
  return useState<Truncated>({ truncation: model.truncation ? 0.7 : 1 });
}

/** Controls for how far latents are pulled to the mean, and up to which layer. */
export function Truncation(
  { model, value, onChange }: {
    model: ModelInfo;
    value: Truncated;
    onChange: (value: Truncated) => void;
  },
) {
  if (!model.truncation) return null;
  const { truncation, cutoff = Infinity } = value, count = model.layers.length;
  const until = Math.min(cutoff, count); // another checkpoint may have fewer layers
  return (
    <>
      <Slider
        label="Truncation ψ"
        min={-1}
        max={2}
        step={0.05}
        value={truncation}
        onChange={(truncation) => onChange({ ...value, truncation })}
        text={truncation.toFixed(2)}
      />
      <Slider
        label="Truncated layers"
        min={1}
        max={count}
        step={1}
        value={until}
        onChange={(n) => onChange({ truncation, ...(n < count ? { cutoff: n } : {}) })}
        text={until === count ? "all" : `up to ${model.layers[until - 1]!.name}`} // in bounds
      />
    </>
  );
}
