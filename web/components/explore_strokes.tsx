/** Pictures made of lines, as lines: each is saved by a click. */
import type { Shown } from "../explore/use_generator.ts";

/** One link a drawing, in the grid's order. */
export function StrokeGrid({ shown, label }: { shown: Shown; label: string }) {
  return (
    <div class="output">
      <ul
        class="stroke-grid"
        aria-label={label}
        style={{ gridTemplateColumns: `repeat(${shown.columns}, 1fr)` }}
      >
        {shown.svgs.map((svg, i) => {
          // An image runs no scripts, and a page of a data: address isn't this one.
          const url = `data:image/svg+xml,${encodeURIComponent(svg)}`;
          return (
            <li key={i}>
              <a href={url} download={`strokes_${i + 1}.svg`}>
                <img src={url} alt={`Save drawing ${i + 1} as SVG`} />
              </a>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
