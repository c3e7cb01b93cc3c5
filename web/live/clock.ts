/// <reference lib="dom" />
/** The server's time, updated every second. */
import { useEffect, useState } from "preact/hooks";

/**
 * Updates once per second while the tab is visible.
 * @param serverNow the server's clock when the data was made, ms since 1970
 * @returns the server's current clock
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
