/// <reference lib="dom" />
/** The controls that a plugin declares, and what it draws from their values. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { DeclaredExplore, SentValue, Stroke } from "../../core/explore/protocol.ts";
import type { ExploreControl } from "../../core/plugin/explore.ts";
import { BeforeAfter, ImageDrop } from "./explore_image.tsx";
import { StrokePad } from "./explore_pad.tsx";
import { type ExploreProps, Output, SeedField, Slider } from "./explore_parts.tsx";
import { StrokeGrid } from "./explore_strokes.tsx";
import { Segments } from "./segments.tsx";

/** Values of the controls; absent until the user sets one. */
type Values = Record<string, SentValue>;

/** A form with a plugin's controls; sends a request once all of them have a value. */
export function PluginPanel(
  { model, shown, ask, declared }: ExploreProps & { declared: DeclaredExplore },
) {
  const { controls, pictures } = declared;
  const [given, setGiven] = useState<Values>({});
  const values: Values = { ...initialOf(controls), ...given };
  const [before, setBefore] = useState<string | null>(null);
  const [smooth, setSmooth] = useState<"pixels" | "smooth">("pixels");
  const [drawn, setDrawn] = useState<"pixels" | "strokes">("pixels");
  const asked = useRef<string | null>(null); // becomes visible when its result arrives
  // every name has a control
  const image = Object.keys(controls).find((name) => controls[name]!.kind === "image");
  const isComplete = Object.keys(controls).every((name) => isGiven(values[name]));
  useEffect(() => {
    if (!isComplete) return;
    const picture = image === undefined ? undefined : values[image];
    asked.current = typeof picture === "string" ? `data:image/png;base64,${picture}` : null;
    ask({ kind: "plugin", values });
  }, [model, given]);
  useEffect(() => setBefore(asked.current), [shown]);
  const set = (name: string) => (value: SentValue) =>
    setGiven((before) => ({ ...before, [name]: value }));
  const hasPad = Object.values(controls).some(({ kind }) => kind === "strokes");
  return (
    <div class={`explore-body${hasPad ? " sketching" : ""}`}>
      <div class="controls">
        {Object.entries(controls).map(([name, control]) => (
          <Control key={name} {...{ control }} value={values[name]} onChange={set(name)} />
        ))}
        {shown !== null && shown.svgs.length > 0 && (
          <div class="field">
            <span>Show and save</span>
            <Segments
              label="Show and save"
              options={{ pixels: "pixels", strokes: "strokes, as SVG" }}
              value={drawn}
              onChange={setDrawn}
            />
          </div>
        )}
        {image !== undefined && (
          <div class="field">
            <span>Show before as</span>
            <Segments
              label="Show before as"
              options={{ pixels: "pixels", smooth: "smoothed" }}
              value={smooth}
              onChange={setSmooth}
            />
          </div>
        )}
      </div>
      {image !== undefined && before && shown
        ? (
          <div class="output">
            <BeforeAfter {...{ before, shown, smooth }} label={pictures} />
          </div>
        )
        : isComplete && shown && shown.svgs.length > 0 && drawn === "strokes"
        ? <StrokeGrid {...{ shown }} label={pictures} />
        : (
          <Output
            shown={isComplete && image === undefined ? shown : null}
            label={pictures}
            empty={image === undefined
              ? `${pictures} appear here`
              : "the image appears here, before and after"}
          />
        )}
    </div>
  );
}

/** Initial values of the controls that have one. */
function initialOf(controls: DeclaredExplore["controls"]): Values {
  const initial: Values = {};
  for (const [name, control] of Object.entries(controls)) {
    if (control.kind === "number") initial[name] = control.initial;
    if (control.kind === "choice") initial[name] = null;
    if (control.kind === "seed") initial[name] = seedsFrom(0, control.pictures);
  }
  return initial;
}

/** Whether a control has a value; an empty pad has none. */
function isGiven(value: SentValue | undefined): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

function Control(
  { control, value, onChange }: {
    control: ExploreControl;
    value: SentValue | undefined;
    onChange: (value: SentValue) => void;
  },
) {
  const { label } = control;
  switch (control.kind) {
    case "number": {
      const { minimum: min, maximum: max, step } = control, now = Number(value);
      return <Slider {...{ label, min, max, step, onChange }} value={now} text={String(now)} />;
    }
    case "choice":
      return control.options.length === 0 ? null : (
        <label class="field">
          {label}
          <select
            class="select"
            value={typeof value === "string" ? value : ""}
            onChange={(event) => onChange(event.currentTarget.value || null)}
          >
            <option value="">{control.none}</option>
            {control.options.map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        </label>
      );
    case "image":
      return (
        <ImageDrop
          {...{ control }}
          onChange={(url) => onChange(url.slice(url.indexOf(",") + 1))}
        />
      );
    case "strokes":
      return (
        <StrokePad {...{ label, onChange }} strokes={(value ?? []) as Stroke[]} /> // the pad's own
      );
    case "seed": {
      const first = Number(Array.isArray(value) ? value[0] : 0);
      return (
        <SeedField
          {...{ label }}
          value={first}
          onChange={(seed) => onChange(seedsFrom(seed, control.pictures))}
        />
      );
    }
  }
}
