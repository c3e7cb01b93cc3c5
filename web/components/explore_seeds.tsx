/// <reference lib="dom" />
/** Draws pictures of consecutive seeds. */
import { useEffect, useState } from "preact/hooks";
import {
  type ExploreProps,
  Output,
  SeedField,
  Slider,
  Truncation,
  useTruncated,
} from "./explore_parts.tsx";

/** Shows a grid of seeds, starting with the first one. */
export function SeedsPanel({ model, shown, label, ask }: ExploreProps) {
  const [seed, setSeed] = useState(0);
  const [side, setSide] = useState(3);
  const [truncated, setTruncated] = useTruncated(model);
  useEffect(() => {
    ask({
      kind: "seeds",
      seeds: Array.from({ length: side * side }, (_, i) => seed + i),
      ...truncated,
    });
  }, [model, label, seed, side, truncated]);
  return (
    <div class="explore-body">
      <div class="controls">
        <SeedField label="First seed" value={seed} onChange={setSeed} />
        <Slider
          label="Pictures"
          min={1}
          max={6}
          step={1}
          value={side}
          onChange={setSide}
          text={`${side * side}`}
        />
        <Truncation model={model} value={truncated} onChange={setTruncated} />
      </div>
      <Output shown={shown} label={`${side * side} pictures from seed ${seed} on`} />
    </div>
  );
}
