/// <reference lib="dom" />
/** The server's time, ticking. */
import { useEffect, useState } from "preact/hooks";

/**
 * Ticks once a second while the tab is seen.
 * @param serverNow the server's clock when the data was made, ms since 1970
 * @returns the server's clock now
 */
export function useNow(serverNow: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const offset = serverNow - Date.now();
    const tick = () => document.hidden || setNow(Date.now() + offset);
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [serverNow]);
  return now;
}
