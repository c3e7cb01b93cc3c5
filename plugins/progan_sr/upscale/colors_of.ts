/** How a grey network takes colours. */

/**
 * By luma alone, or each by itself: photographs' chroma is soft; a stacked grey network is for
 * drawings in plain colours, too.
 */
export function colorsOf({ generator }: Readonly<Record<string, unknown>>): "each" | "luma" {
  return generator === "shuffle" ? "luma" : "each";
}
