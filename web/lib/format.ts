/** Formats numbers, times and sizes for people; shared by server and islands. */

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/**
 * A count in full, e.g. "120,345".
 * @param value a whole number
 */
export function count(value: number): string {
  return plain.format(value);
}

/**
 * A count in short, e.g. "120 k", "1.2 M".
 * @param value images
 */
export function short(value: number): string {
  for (const [unit, size] of [["G", 1e9], ["M", 1e6], ["k", 1e3]] as const) {
    if (Math.abs(value) >= size) return `${trim(value / size)} ${unit}`;
  }
  return trim(value);
}

/**
 * A fraction as a percentage without a line break, e.g. "12.5 %".
 * @param part fraction of 1
 */
export function percent(part: number): string {
  return `${(100 * part).toFixed(1)}\u00a0%`;
}

/**
 * A measured value with four significant digits, e.g. "0.6931", "1.20e−5".
 * @param value any number; NaN or a missing value gives a dash
 */
export function measure(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    return value.toExponential(2).replace("e+", "e").replaceAll("-", "−");
  }
  if (size >= 1000) return plain.format(value).replace("-", "−");
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

/**
 * A duration in its two largest units, e.g. "2 h 05 min".
 * @param seconds 0 or more; null if unknown
 */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return "–";
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const pad = (n: number) => String(n).padStart(2, "0");
  if (s < 3600) return `${Math.floor(s / 60)} min ${pad(s % 60)} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${pad(Math.floor(s / 60) % 60)} min`;
  return `${Math.floor(s / 86400)} d ${pad(Math.floor(s / 3600) % 24)} h`;
}

/**
 * How long ago, e.g. "just now", "5 min ago".
 * @param milliseconds of age
 */
export function ago(milliseconds: number): string {
  const s = milliseconds / 1000;
  if (s < 10) return "just now";
  if (s < 60) return `${Math.floor(s)} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ago`;
  return `${Math.floor(s / 86400)} d ago`;
}

/**
 * A file's size, e.g. "3.4 MB".
 * @param value bytes
 */
export function bytes(value: number): string {
  for (const [unit, size] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]] as const) {
    if (value >= size) return `${trim(value / size)} ${unit}`;
  }
  return `${value} B`;
}

/**
 * Local date and minute, e.g. "3 Mar, 14:05".
 * @param time ms since 1970
 */
export function moment(time: number): string {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(time);
}

/**
 * Local time of day to the second, e.g. "14:05:09".
 * @param time ms since 1970
 */
export function clock(time: number): string {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).format(time);
}

function trim(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}
