/// <reference lib="dom" />
/** Hooks that tell a chart about its surroundings. */
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Width of an element in px; 0 before it is laid out. */
export function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!ref.current) return;
    const observer = new ResizeObserver(([entry]) => {
      setWidth(Math.floor(entry?.contentRect.width ?? 0));
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** Whether an element is on the screen or close to it. */
export function useInView(ref: RefObject<HTMLElement | null>): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (!ref.current) return;
    const observer = new IntersectionObserver(
      (entries) => setSeen(entries.some((entry) => entry.isIntersecting)),
      { rootMargin: "200px" },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return isSeen;
}

/** The current theme, "light" or "dark". */
export function useTheme(): string {
  const [theme, setTheme] = useState("light");
  useEffect(() => {
    const read = () => setTheme(document.documentElement.dataset.theme ?? "light");
    read();
    addEventListener("themechange", read);
    return () => removeEventListener("themechange", read);
  }, []);
  return theme;
}
