/** Formats numbers for people. */

/** 950, "12.3k", "1.25M". */
export function formatCount(n: number): string {
  if (n < 1000) return String(Math.round(n));
  if (n < 1e6) return (n / 1e3).toFixed(n < 1e5 ? 1 : 0).replace(/\.0$/, "") + "k";
  return (n / 1e6).toFixed(2).replace(/\.?0+$/, "") + "M";
}

/** "45s", "12m", "3h05m", "2d4h". */
export function formatDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return "?";
  const s = Math.round(seconds);
  if (s < 60) return `${s}s`;
  if (s < 3600) {
    return `${Math.floor(s / 60)}m${s < 600 ? String(s % 60).padStart(2, "0") + "s" : ""}`;
  }
  if (s < 86_400) {
    return `${Math.floor(s / 3600)}h${String(Math.floor(s % 3600 / 60)).padStart(2, "0")}m`;
  }
  return `${Math.floor(s / 86_400)}d${Math.floor(s % 86_400 / 3600)}h`;
}

/** "512 B", "3.4 MB". */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let i = 0;
  while (bytes >= 999.5 && i < units.length - 1) { // three digits are shown
    bytes /= 1000;
    i++;
  }
  return `${i === 0 ? bytes : bytes.toPrecision(3)} ${units[i]}`;
}

/** Formats three significant digits, at most 8 characters wide. */
export function formatValue(x: number): string {
  const magnitude = Math.abs(x);
  if (magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e5)) return x.toExponential(1);
  return x.toFixed(magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2);
}
