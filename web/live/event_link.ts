/// <reference lib="dom" />
/**
 * An EventSource that disconnects while the tab is hidden, and resumes where it stopped when the
 * tab is visible again. (Browsers allow six connections to a host over all tabs.)
 */
export interface EventLink {
  close(): void;
}

/** What to listen to, and how. */
export interface EventLinkOptions {
  /** The URL, computed again for each connection. */
  url: () => string;
  /** Listeners by event name. */
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
      if (mine.readyState !== EventSource.CLOSED) return; // the browser reconnects by itself
      rest();
      timer = setTimeout(open, 2000);
    };
    for (const [name, listener] of Object.entries(on)) {
      mine.addEventListener(name, (event) => {
        // server-sent events are MessageEvents
        if (source === mine) listener((event as MessageEvent<string>).data);
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
