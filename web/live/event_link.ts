/// <reference lib="dom" />
/**
 * An EventSource that rests while the tab is hidden (browsers allow six connections to a host, over
 * all tabs) and goes on where it stopped when the tab is seen again.
 */
export interface EventLink {
  close(): void;
}

/** What is being listened to, and how. */
export interface EventLinkOptions {
  /** The address, asked for anew at each opening. */
  url: () => string;
  /** By event name. */
  on: Record<string, (data: string) => void>;
  onLink: (isUp: boolean) => void;
}

/** Opens the stream, and keeps it open while the page is visible. */
export function openEventLink({ url, on, onLink }: EventLinkOptions): EventLink {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  function open() {
    clearTimeout(timer);
    if (source || isClosed || document.hidden) return;
    const mine = source = new EventSource(url());
    mine.onopen = () => onLink(true);
    mine.onerror = () => {
      onLink(false);
      if (mine.readyState !== EventSource.CLOSED) return; // it tries again by itself
      rest();
      timer = setTimeout(open, 2000);
    };
    for (const [name, listener] of Object.entries(on)) {
      mine.addEventListener(name, (event) => {
        if (source === mine) listener((event as MessageEvent<string>).data); // events are messages
      });
    }
  }

  function rest() {
    source?.close();
    source = undefined;
  }

  const onVisibility = () => document.hidden ? rest() : open();
  document.addEventListener("visibilitychange", onVisibility);
  open();
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisibility);
      rest();
    },
  };
}
