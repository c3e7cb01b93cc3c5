/// <reference lib="dom" />
/** A pad to draw on, for the strokes that a plugin asks for. */
import { useRef, useState } from "preact/hooks";
import type { Stroke } from "../../core/explore/protocol.ts";
import { simplify } from "../explore/strokes.ts";

/** Moves shorter than this part of the pad's side are ignored. */
const LEAST_MOVE = 0.004;

/** A round head and an eye, to begin with. */
const EXAMPLE: readonly Stroke[] = [[0.5, 0.5, 0.36], [0.37, 0.42, 0.05]].map(([x, y, radius]) =>
  Array.from({ length: 25 }, (_, i) => {
    const angle = i / 12 * Math.PI;
    return [x! + radius! * Math.cos(angle), y! + 1.1 * radius! * Math.sin(angle)]; // three each
  })
);

/** Strokes as the pen leaves them; `onChange` hears of whole ones. */
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
    const box = pad.current!.getBoundingClientRect(); // the event came from it
    const part = (value: number) => Math.min(1, Math.max(0, value));
    return [
      part((event.clientX - box.left) / box.width),
      part((event.clientY - box.top) / box.height),
    ];
  };
  const start = (event: PointerEvent) => {
    pad.current?.setPointerCapture(event.pointerId);
    setCurrent([at(event)]);
  };
  const move = (event: PointerEvent) => {
    if (!current) return;
    const [x, y] = at(event);
    const [x0, y0] = current.at(-1)!; // a stroke begins with a point
    if (Math.hypot(x - x0, y - y0) >= LEAST_MOVE) setCurrent([...current, [x, y]]);
  };
  const end = () => {
    if (current && current.length > 1) onChange([...strokes, simplify(current, 0.003)]);
    setCurrent(null);
  };
  const points = (stroke: Stroke) => stroke.map(([x, y]) => `${100 * x},${100 * y}`).join(" ");
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
