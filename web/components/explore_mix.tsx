/// <reference lib="dom" />
/** Style mixing: each layer takes its style from one of two seeds (Karras et al. 2019, section 3.1). */
import { useEffect, useState } from "preact/hooks";
import { type ExploreProps, Output, SeedField, Truncation } from "./explore_parts.tsx";

/** Two seeds and a switch for every layer. */
export function MixPanel({ model, shown, ask }: ExploreProps) {
  const [coarse, setCoarse] = useState(1);
  const [fine, setFine] = useState(2);
  const [layers, setLayers] = useState(() =>
    model.layers.map((_, i) => i >= model.layers.length / 2)
  );
  const [truncation, setTruncation] = useState(model.truncation ? 0.7 : 1);
  useEffect(() => {
    ask({ kind: "mix", coarse, fine, layers, truncation });
  }, [model, coarse, fine, layers, truncation]);
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
                checked={layers[i] ?? false}
                onChange={(event) => {
                  const { checked } = event.currentTarget;
                  setLayers(layers.map((on, k) =>
                    k === i ? checked : on
                  ));
                }}
              />
              {name}
            </label>
          ))}
        </fieldset>
        <Truncation model={model} value={truncation} onChange={setTruncation} />
      </div>
      <Output
        shown={shown}
        label={`Seed ${coarse} with ${layers.filter(Boolean).length} layers of seed ${fine}`}
      />
    </div>
  );
}
