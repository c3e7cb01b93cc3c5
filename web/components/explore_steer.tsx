/// <reference lib="dom" />
/** A slider for each direction in w: those that `deno task directions` shows, and saved ones. */
import { useEffect, useState } from "preact/hooks";
import type { SteerLayers } from "../../core/explore/protocol.ts";
import { ProjectDrop } from "./explore_project.tsx";
import { KeepDirection } from "./keep_direction.tsx";
import {
  type ExploreProps,
  Output,
  SeedField,
  Slider,
  Truncation,
  useTruncated,
} from "./explore_parts.tsx";

const LAYERS: Record<SteerLayers, string> = {
  all: "all layers",
  coarse: "coarse layers",
  middle: "middle layers",
  fine: "fine layers",
};

/** Shows an image, and how far it is moved along each direction. */
export function SteerPanel(
  { model, shown, label, ask, run, reload }: ExploreProps & {
    run: string;
    /** Reloads the checkpoint's info after a picture was added. */
    reload: () => void;
  },
) {
  // the page shows this panel only if there is steering
  const { directions, pictures } = model.steering!;
  const [seed, setSeed] = useState(0);
  const [picture, setPicture] = useState("");
  const [layers, setLayers] = useState<SteerLayers>("all");
  const [given, setGiven] = useState<Record<string, number>>({});
  const [truncated, setTruncated] = useTruncated(model);
  // another checkpoint may have other pictures
  const known = pictures.includes(picture) ? picture : "";
  const amounts = Object.fromEntries(
    directions.map((name) => [name, given[name] ?? 0]).filter(([, amount]) => amount !== 0),
  );
  useEffect(() => {
    ask({ kind: "steer", source: known ? `@${known}` : seed, amounts, layers, ...truncated });
  }, [model, label, seed, known, layers, given, truncated]);
  const moved = directions.filter((name) => Object.hasOwn(amounts, name));
  return (
    <div class="explore-body">
      <div class="controls">
        {pictures.length > 0 && (
          <label class="field">
            Picture
            <select
              class="select"
              value={known}
              onChange={(event) => setPicture(event.currentTarget.value)}
            >
              <option value="">of a seed</option>
              {pictures.map((name) => <option key={name} value={name}>@{name}</option>)}
            </select>
          </label>
        )}
        <ProjectDrop
          run={run}
          imagesSeen={model.imagesSeen}
          onProjected={(name) => {
            setPicture(name);
            reload();
          }}
        />
        {!known && <SeedField label="Seed" value={seed} onChange={setSeed} />}
        <label class="field">
          Numbered directions of
          <select
            class="select"
            value={layers}
            // one of the options
            onChange={(event) => setLayers(event.currentTarget.value as SteerLayers)}
          >
            {Object.entries(LAYERS).map(([value, text]) => (
              <option key={value} value={value}>{text}</option>
            ))}
          </select>
        </label>
        {directions.map((name) => (
          <Slider
            key={name}
            label={/^\d+$/.test(name) ? `Direction ${name}` : name}
            min={-4}
            max={4}
            step={0.1}
            value={given[name] ?? 0}
            onChange={(amount) => setGiven({ ...given, [name]: amount })}
            text={(given[name] ?? 0).toFixed(1)}
          />
        ))}
        <button
          type="button"
          class="button"
          disabled={moved.length === 0}
          onClick={() => setGiven({})}
        >
          Reset directions
        </button>
        <KeepDirection
          model={{ run, imagesSeen: model.imagesSeen }}
          moved={{ amounts, layers }}
          onKept={(name) => {
            setGiven({ [name]: 1 }); // at 1, the new direction gives the same picture
            reload();
          }}
        />
        <Truncation model={model} value={truncated} onChange={setTruncated} />
      </div>
      <Output
        shown={shown}
        label={(known ? `@${known}` : `Seed ${seed}`) +
          (moved.length > 0 ? ` moved along ${moved.join(", ")}` : ", not moved")}
      />
    </div>
  );
}
