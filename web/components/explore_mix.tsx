/// <reference lib="dom" />
/**
 * Style mixing: each layer takes its style from one of two seeds (Karras et al. 2019, section 3.1).
 */
import { useEffect, useState } from "preact/hooks";
import {
  type ExploreProps,
  Output,
  SeedField,
  Truncation,
  useTruncated,
} from "./explore_parts.tsx";

/** Shows two seeds and a switch for each layer. */
export function MixPanel({ model, shown, label, ask }: ExploreProps) {
  const [coarse, setCoarse] = useState(1);
  const [fine, setFine] = useState(2);
  const [chosen, setChosen] = useState<readonly boolean[]>([]);
  // Another checkpoint may have another number of layers.
  const layers = model.layers.map((_, i) => chosen[i] ?? i >= model.layers.length / 2);
  const [truncated, setTruncated] = useTruncated(model);
  useEffect(() => {
    ask({ kind: "mix", coarse, fine, layers, ...truncated });
  }, [model, label, coarse, fine, chosen, truncated]);
  return (
    <div class="explore-body">
      <div class="controls">
        <SeedField label="Seed A" value={coarse} onChange={setCoarse} />
        <SeedField label="Seed B" value={fine} onChange={setFine} />
        <fieldset class="layers">
          <legend>Layers that take B's style, coarse to fine</legend>
          {model.layers.map(({ name, resolution }, i) => (
            <label key={name} class={`check ring-${resolution}`}>
              <input
                type="checkbox"
                checked={layers[i]!}
                onChange={(event) => {
                  const { checked } = event.currentTarget;
                  setChosen(layers.map((on, k) =>
                    k === i ? checked : on
                  ));
                }}
              />
              {name}
            </label>
          ))}
        </fieldset>
        <Truncation model={model} value={truncated} onChange={setTruncated} />
      </div>
      <Output
        shown={shown}
        label={`Seed ${coarse} with ${layers.filter(Boolean).length} of seed ${fine}'s layers`}
      />
    </div>
  );
}
