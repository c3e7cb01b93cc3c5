/// <reference lib="dom" />
/** Hydrates a page's island with the props it was rendered with. */
import { type ComponentType, hydrate } from "preact";

/** @param Component the one that the server rendered */
export function mount<P extends object>(Component: ComponentType<P>): void {
  const place = document.querySelector<HTMLElement>("[data-island]");
  const data = document.getElementById("props");
  if (!place || !data) {
    throw new Error("Cannot hydrate the page: its island or its data is missing");
  }
  // written by document.tsx for this component
  const props = JSON.parse(data.textContent ?? "") as P;
  hydrate(<Component {...props} />, place);
  place.dataset.awake = "true";
}
