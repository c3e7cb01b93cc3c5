/** Which elements of an SVG are seen (SVG 2, 11: "Rendering model", and 13: "Painting"). */

/** What an element passes on to those in it, with its initial values. */
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

/** Names of all properties that are looked at. */
export const PROPERTIES: ReadonlySet<string> = new Set([
  ...Object.keys(INITIAL),
  "display",
  "opacity",
  "transform",
]);

/** Values of the properties that are inherited. */
export type Paint = Readonly<typeof INITIAL>;

/** What CSS says of a property. */
export interface Declaration {
  value: string;
  isImportant: boolean;
}

/**
 * Reads an element's attributes; before them come what style sheets say of it, and before that its
 * `style`, but for what is important.
 * @param above of the element that it is in
 * @param sheets what style sheets say of it
 * @returns isDrawn: false where nothing in it can be seen either; transform: in either form, "" for
 * none
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

/** Whether a shape leaves a trace: by its stroke or by its fill. */
export function isSeen(paint: Paint): boolean {
  if (/^(hidden|collapse)$/.test(paint.visibility)) return false;
  return isStroked(paint) || isColor(paint.fill) && !isZero(paint["fill-opacity"]);
}

/** Whether its outline is drawn. */
export function isStroked(paint: Paint): boolean {
  return isColor(paint.stroke) && !isZero(paint["stroke-opacity"]) &&
    !isZero(paint["stroke-width"]);
}

/** Whether arrowheads or other marks are drawn on its corners. */
export function hasMarkers(paint: Paint): boolean {
  return (["marker-start", "marker-mid", "marker-end"] as const).some((name) =>
    paint[name] !== "none"
  );
}

/**
 * A `style` attribute, or a rule's block, by property in lower case; of a name the last important
 * one counts, else the last.
 */
export function declarationsOf(style: string): Map<string, Declaration> {
  const all = new Map<string, Declaration>();
  for (const declaration of style.toLowerCase().split(";")) {
    const [before = "", ...after] = declaration.split(":"), name = before.trim();
    const [value = "", mark = "", ...more] = after.join(":").split("!").map((part) => part.trim());
    const isImportant = mark === "important";
    if (value === "" || more.length > 0 || (mark !== "" && !isImportant)) continue; // is none
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
