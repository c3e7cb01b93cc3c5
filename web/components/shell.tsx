/** The frame of every page. */
import type { ComponentChildren } from "preact";
import { addressOf } from "../lib/address.ts";

interface Props {
  /** The request's path, which marks the current page in the navigation. */
  path: string;
  island: string | null;
  children: ComponentChildren;
}

const places = [
  { href: "/", label: "Runs", owns: (path: string) => path === "/" || path.startsWith("/runs/") },
  { href: "/compare", label: "Compare", owns: (path: string) => path === "/compare" },
  { href: "/explore", label: "Explore", owns: (path: string) => path === "/explore" },
];

/** Header, navigation, and the page. */
export function Shell({ path, island, children }: Props) {
  return (
    <>
      <a class="skip" href="#main">Skip to the page</a>
      <header class="top">
        <div class="top-in">
          <a class="brand" href={addressOf("/")} aria-label="Cambium">
            <svg viewBox="0 0 32 32" aria-hidden="true">
              <circle cx="16" cy="16" r="2.5" />
              <circle cx="15.6" cy="16.2" r="7.5" />
              <circle cx="16" cy="16" r="13" />
            </svg>
            <span>Cambium</span>
          </a>
          <nav class="nav" aria-label="Pages">
            {places.map(({ href, label, owns }) => (
              <a key={href} href={addressOf(href)} aria-current={owns(path) ? "page" : undefined}>
                {label}
              </a>
            ))}
          </nav>
          <button
            type="button"
            class="icon-button"
            data-toggle-theme
            aria-label="Switch between light and dark"
          >
            <svg class="moon" viewBox="0 0 24 24" aria-hidden="true">
              <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" />
            </svg>
            <svg class="sun" viewBox="0 0 24 24" aria-hidden="true">
              <circle cx="12" cy="12" r="4.2" />
              <path d="M12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3 19 19M5 19l1.7-1.7M17.3 6.7 19 5" />
            </svg>
          </button>
        </div>
      </header>
      <main id="main" data-island={island ?? undefined}>{children}</main>
    </>
  );
}
