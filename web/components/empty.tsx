/** An empty state that explains how to fill it. */
import type { ComponentChildren } from "preact";

const rings = [4, 8, 16, 32, 64];

/** Shows rings, a title, and the children. */
export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="empty">
      <svg viewBox="0 0 140 140" aria-hidden="true">
        {rings.map((resolution, i) => (
          <circle
            key={resolution}
            class={`ring-${resolution}`}
            cx={70 - i * 0.8}
            cy={70 + i * 0.6}
            r={8 + i * 14}
          />
        ))}
      </svg>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
