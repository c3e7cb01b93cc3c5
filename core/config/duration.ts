/** Lengths of time as options spell them. */

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Whether {@linkcode secondsOf} reads a text. */
export function isDuration(text: string): boolean {
  return /^(?:0|\d+(?:\.\d+)?[smhd])$/.test(text);
}

/** Seconds of a text such as "90s", "60m", "1.5h" or "2d"; "0" is none. */
export function secondsOf(text: string): number {
  if (!isDuration(text)) {
    throw new SyntaxError(
      `Cannot read a length of time: expected a number with s, m, h or d, such as 90s or 60m, ` +
        `received "${text}"`,
    );
  }
  return text === "0"
    ? 0
    : Number(text.slice(0, -1)) * SECONDS[text.at(-1) as keyof typeof SECONDS]; // as checked
}
