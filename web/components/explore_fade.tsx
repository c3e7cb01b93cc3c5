/// <reference lib="dom" />
/** Takes a fade apart: the old path's picture, the new block's, and their blend. */
import { useEffect, useState } from "preact/hooks";
import {
  type ExploreProps,
  Output,
  SeedField,
  Slider,
  Truncation,
  useTruncated,
} from "./explore_parts.tsx";

/** The four pictures, in the grid's order. */
const parts = ["old path", "new path", "blend", "difference"] as const;

/**
 * Shows one seed by both paths of a checkpoint written during a fade; alpha can be changed by hand.
 */
export function FadePanel({ model, shown, label, ask }: ExploreProps) {
  const [seed, setSeed] = useState(0);
  const [chosen, setChosen] = useState<number | null>(null);
  const alpha = chosen ?? model.alpha;
  const [truncated, setTruncated] = useTruncated(model);
  useEffect(() => {
    ask({ kind: "fade", seed, alpha, ...truncated });
  }, [model, label, seed, alpha, truncated]);
  return (
    <div class="explore-body">
      <div class="controls">
        <p class="muted small">
          This checkpoint was written while {model.resolution} px faded in, at α{" "}
          {model.alpha.toFixed(2)}. The blend is what the generator draws where the new path weighs
          α.
        </p>
        <SeedField label="Seed" value={seed} onChange={setSeed} />
        <Slider
          label="α"
          min={0}
          max={1}
          step={0.01}
          value={alpha}
          onChange={setChosen}
          text={alpha.toFixed(2)}
        />
        <button
          type="button"
          class="button tiny"
          disabled={chosen === null}
          onClick={() => setChosen(null)}
        >
          As in the checkpoint
        </button>
        <Truncation model={model} value={truncated} onChange={setTruncated} />
      </div>
      <div class="quarters">
        <Output
          shown={shown}
          label={`Seed ${seed}: ${parts.join(", ")} at α ${alpha.toFixed(2)}`}
        />
        {shown &&
          parts.map((part) => (
            <span key={part} class={`side ${part.replace(" ", "-")}`} aria-hidden="true">
              {part}
            </span>
          ))}
      </div>
    </div>
  );
}
