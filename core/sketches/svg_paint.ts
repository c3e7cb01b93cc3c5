/**
 * Decides which elements of an SVG are visible (SVG 2, 11: "Rendering model", and 13: "Painting").
 */

/** Inherited properties with their initial values. */
const INITIAL = {
  stroke: "none",
  "stroke-opacity": "1",
  "stroke-width": "1",
  fill: "black",
  "fill-opacity": "1",
  visibility: "visible",
  "font-size": "",
  "marker-start": "none",
  "marker-mid": "none",
  "marker-end": "none",
};

/** Names of all properties that are evaluated. */
export const PROPERTIES: ReadonlySet<string> = new Set([
  ...Object.keys(INITIAL),
  "display",
  "opacity",
  "transform",
]);

/** Values of the inherited properties. */
export type Paint = Readonly<typeof INITIAL>;

/** A CSS declaration of a property. */
export interface Declaration {
  value: string;
  isImportant: boolean;
}

/**
 * Computes an element's paint from its attributes; style sheets override them, and the `style`
 * attribute overrides both, except for important declarations.
 * @param above paint of the parent element
 * @param sheets declarations of style sheets for the element
 * @returns isDrawn: false if none of its content can be visible either; transform: in either
 * syntax, "" for none
 */
export function paintOf(
  attributes: Readonly<Record<string, string>>,
  above: Paint = INITIAL,
  sheets: ReadonlyMap<string, Declaration> = new Map(),
): { paint: Paint; isDrawn: boolean; transform: string } {
  const style = declarationsOf(attributes.style ?? "");
  const valueOf = (name: string) => {
    const own = style.get(name), styled = sheets.get(name);
    const declared = styled?.isImportant && !own?.isImportant ? styled : own ?? styled;
    const value = declared?.value ?? attributes[name]?.trim().toLowerCase();
    return value === "" || value === "inherit" ? undefined : value;
  };
  const own = Object.entries(above).map(([name, value]) => [name, valueOf(name) ?? value]);
  return {
    paint: Object.fromEntries(own) as Paint, // the names of `above`
    isDrawn: valueOf("display") !== "none" && !isZero(valueOf("opacity") ?? "1"),
    transform: valueOf("transform") ?? "",
  };
}

/** Whether a shape is visible, by its stroke or its fill. */
export function isVisible(paint: Paint): boolean {
  if (/^(hidden|collapse)$/.test(paint.visibility)) return false;
  return isStroked(paint) || isColor(paint.fill) && !isZero(paint["fill-opacity"]);
}

/** Whether the outline is drawn. */
export function isStroked(paint: Paint): boolean {
  return isColor(paint.stroke) && !isZero(paint["stroke-opacity"]) &&
    !isZero(paint["stroke-width"]);
}

/** Whether arrowheads or other markers are drawn on its vertices. */
export function hasMarkers(paint: Paint): boolean {
  return (["marker-start", "marker-mid", "marker-end"] as const).some((name) =>
    paint[name] !== "none"
  );
}

/**
 * Parses a `style` attribute or the block of a rule into declarations by property in lower case;
 * the last important one counts, otherwise the last one.
 */
export function declarationsOf(style: string): Map<string, Declaration> {
  const all = new Map<string, Declaration>();
  for (const declaration of style.toLowerCase().split(";")) {
    const [before = "", ...after] = declaration.split(":"), name = before.trim();
    const [value = "", mark = "", ...more] = after.join(":").split("!").map((part) => part.trim());
    const isImportant = mark === "important";
    if (value === "" || more.length > 0 || (mark !== "" && !isImportant)) continue; // invalid
    if (isImportant || !all.get(name)?.isImportant) all.set(name, { value, isImportant });
  }
  return all;
}

function isColor(value: string): boolean {
  return value !== "none" && value !== "transparent";
}

function isZero(value: string): boolean {
  return Number.parseFloat(value) <= 0; // below counts as 0
}
