/// <reference lib="dom" />
/** A drawing pad for the strokes that a plugin asks for. */
import { useRef, useState } from "preact/hooks";
import type { Stroke } from "../../core/explore/protocol.ts";
import { simplify } from "../explore/strokes.ts";

/** Shorter moves than this are ignored, as a fraction of the pad's side. */
const LEAST_MOVE = 0.004;

/** An example to start from: a round head and an eye. */
const EXAMPLE: readonly Stroke[] = [[0.5, 0.5, 0.36], [0.37, 0.42, 0.05]].map(([x, y, radius]) =>
  Array.from({ length: 25 }, (_, i) => {
    const angle = i / 12 * Math.PI;
    // three numbers each
    return [x! + radius! * Math.cos(angle), y! + 1.1 * radius! * Math.sin(angle)];
  })
);

/** Lets the user draw strokes, and calls `onChange` when a stroke is finished. */
export function StrokePad(
  { label, strokes, onChange }: {
    label: string;
    strokes: readonly Stroke[];
    onChange: (strokes: Stroke[]) => void;
  },
) {
  const [current, setCurrent] = useState<Stroke | null>(null);
  const pad = useRef<SVGSVGElement>(null);

  const at = (event: PointerEvent): [number, number] => {
    const box = pad.current!.getBoundingClientRect(); // the event came from the pad
    const part = (value: number) => Math.min(1, Math.max(0, value));
    return [
      part((event.clientX - box.left) / box.width),
      part((event.clientY - box.top) / box.height),
    ];
  };
  const start = (event: PointerEvent) => {
    if (event.button !== 0 || !event.isPrimary) return;
    pad.current?.setPointerCapture(event.pointerId);
    setCurrent([at(event)]);
  };
  const move = (event: PointerEvent) => {
    if (!current || !event.isPrimary) return;
    const [x, y] = at(event);
    const [x0, y0] = current.at(-1)!; // a stroke begins with a point
    if (Math.hypot(x - x0, y - y0) >= LEAST_MOVE) setCurrent([...current, [x, y]]);
  };
  const end = (event: PointerEvent) => {
    if (!current || !event.isPrimary) return;
    onChange([...strokes, simplify(current, 0.003)]);
    setCurrent(null);
  };
  // A tap is a line of no length, which its round ends make a dot.
  const points = (stroke: Stroke) =>
    (stroke.length === 1 ? [...stroke, ...stroke] : stroke)
      .map(([x, y]) => `${100 * x},${100 * y}`).join(" ");
  return (
    <>
      <svg
        ref={pad}
        class="pad"
        viewBox="0 0 100 100"
        role="img"
        aria-label={`${label}: draw with the pointer`}
        onPointerDown={start}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
      >
        {strokes.length === 0 && !current && <text x="50" y="52">Draw here</text>}
        {[...strokes, ...current ? [current] : []].map((stroke, i) => (
          <polyline key={i} points={points(stroke)} />
        ))}
      </svg>
      <div class="row">
        <button
          type="button"
          class="button tiny"
          disabled={strokes.length === 0}
          onClick={() => onChange(strokes.slice(0, -1))}
        >
          Undo
        </button>
        <button
          type="button"
          class="button tiny"
          disabled={strokes.length === 0}
          onClick={() => onChange([])}
        >
          Clear
        </button>
        <button type="button" class="button tiny" onClick={() => onChange([...EXAMPLE])}>
          Draw an example
        </button>
      </div>
    </>
  );
}
