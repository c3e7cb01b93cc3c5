/// <reference lib="dom" />
/** Interpolates between two latents. */
import { useEffect, useState } from "preact/hooks";
import {
  type ExploreProps,
  Output,
  SeedField,
  Slider,
  Truncation,
  useTruncated,
} from "./explore_parts.tsx";

/** Shows one picture, anywhere between two seeds. */
export function InterpolatePanel({ model, shown, label, ask }: ExploreProps) {
  const [from, setFrom] = useState(1);
  const [to, setTo] = useState(2);
  const [position, setPosition] = useState(0.5);
  const [truncated, setTruncated] = useTruncated(model);
  useEffect(() => {
    ask({ kind: "interpolate", from, to, position, ...truncated });
  }, [model, label, from, to, position, truncated]);
  return (
    <div class="explore-body">
      <div class="controls">
        <SeedField label="From seed" value={from} onChange={setFrom} />
        <SeedField label="To seed" value={to} onChange={setTo} />
        <Slider
          label="Position"
          min={0}
          max={1}
          step={0.01}
          value={position}
          onChange={setPosition}
          text={`${Math.round(100 * position)} %`}
        />
        <Truncation model={model} value={truncated} onChange={setTruncated} />
      </div>
      <Output
        shown={shown}
        label={`${Math.round(100 * position)} % of the way from seed ${from} to ${to}`}
      />
    </div>
  );
}
