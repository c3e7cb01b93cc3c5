/** Drawings made of lines, which can be saved as SVG by a click. */
import type { Shown } from "../explore/use_generator.ts";

/** A link for each drawing, in the grid's order. */
export function StrokeGrid({ shown, label }: { shown: Shown; label: string }) {
  return (
    <div class="output">
      <ul
        class="stroke-grid"
        aria-label={label}
        style={{ gridTemplateColumns: `repeat(${shown.columns}, 1fr)` }}
      >
        {shown.svgs.map((svg, i) => {
          // Safe: an <img> runs no scripts, and a data: URL has an origin of its own.
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
