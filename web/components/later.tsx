/// <reference lib="dom" />
/** A section whose script is loaded when it comes near the screen. */
import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Section } from "./section.tsx";

/** Distance from the screen at which a section's script is loaded. */
const MARGIN = "600px";

/** Lets what is on the screen load first. (Safari has no requestIdleCallback.) */
const whenIdle = (work: () => void) =>
  "requestIdleCallback" in globalThis
    ? requestIdleCallback(work, { timeout: 1500 })
    : setTimeout(work, 100);

/**
 * Wraps a section. Until its script is loaded, its title and a placeholder are shown, so that links
 * to it work and the page keeps its outline.
 * @param id anchor of the section
 * @param title the section's title
 * @param load loads the component
 */
export function later<P extends object>(
  id: string,
  title: string,
  load: () => Promise<ComponentType<P>>,
): ComponentType<P> {
  let Loaded: ComponentType<P> | undefined;
  return function Later(props: P) {
    const place = useRef<HTMLDivElement>(null);
    const [problem, setProblem] = useState<string | null>(null);
    const [, redraw] = useState(0);
    useEffect(() => {
      if (Loaded || !place.current) return;
      const observer = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        whenIdle(() => {
          load().then((component) => {
            Loaded = component;
            redraw((n) => n + 1);
          }).catch((error) => setProblem(String(error.message)));
        });
      }, { rootMargin: MARGIN });
      observer.observe(place.current);
      return () => observer.disconnect();
    }, []);
    if (Loaded) return <Loaded {...props} />;
    return (
      <div ref={place} class="later">
        <Section id={id} title={title}>
          {problem
            ? (
              <p class="notice error" role="alert">
                This part could not be loaded: {problem}. Reload the page to try again.
              </p>
            )
            : <p class="muted">Loading…</p>}
        </Section>
      </div>
    );
  };
}
