/** A titled section of a page. */
import type { ComponentChildren } from "preact";

interface Props {
  /** Anchor on the page. */
  id: string;
  title: string;
  note?: ComponentChildren;
  /** Controls at the end of the title line. */
  aside?: ComponentChildren;
  children?: ComponentChildren;
}

/** A panel labelled by its title. */
export function Section({ id, title, note, aside, children }: Props) {
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        {note && <p>{note}</p>}
        {aside}
      </header>
      {children}
    </section>
  );
}
