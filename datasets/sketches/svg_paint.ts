/** Which elements of an SVG are seen (SVG 2, 11: "Rendering model", and 13: "Painting"). */

/** What an element passes on to those in it, with its initial values. */
const INITIAL = {
  stroke: "none",
  "stroke-opacity": "1",
  "stroke-width": "1",
  fill: "black",
  "fill-opacity": "1",
  visibility: "visible",
};

/** Names of all properties that are looked at. */
export const PROPERTIES: ReadonlySet<string> = new Set([
  ...Object.keys(INITIAL),
  "display",
  "opacity",
]);

/** Values of the properties that are inherited. */
export type Paint = Readonly<typeof INITIAL>;

/**
 * Reads an element's attributes, and its `style`, which comes before them.
 * @param attributes with what style sheets say in place of the attributes of that name
 * @param above of the element that it is in
 * @returns isDrawn: false where nothing in it can be seen either
 */
export function paintOf(
  attributes: Readonly<Record<string, string>>,
  above: Paint = INITIAL,
): { paint: Paint; isDrawn: boolean } {
  const style = declarationsOf(attributes.style ?? "");
  const valueOf = (name: string) => {
    const value = style.get(name) || attributes[name]?.trim().toLowerCase();
    return value === "" || value === "inherit" ? undefined : value;
  };
  const own = Object.entries(above).map(([name, value]) => [name, valueOf(name) ?? value]);
  return {
    paint: Object.fromEntries(own) as Paint, // the names of `above`
    isDrawn: valueOf("display") !== "none" && !isZero(valueOf("opacity") ?? "1"),
  };
}

/** Whether a shape leaves a trace: by its stroke or by its fill. */
export function isSeen(paint: Paint): boolean {
  if (/^(hidden|collapse)$/.test(paint.visibility)) return false;
  const hasStroke = isColor(paint.stroke) && !isZero(paint["stroke-opacity"]) &&
    !isZero(paint["stroke-width"]);
  return hasStroke || isColor(paint.fill) && !isZero(paint["fill-opacity"]);
}

/** A `style` attribute, or a rule's block, by property in lower case; the last of a name counts. */
export function declarationsOf(style: string): Map<string, string> {
  return new Map(
    style.toLowerCase().split(";").map((declaration) => {
      const [name = "", ...value] = declaration.split(":");
      return [name.trim(), value.join(":").replace("!important", "").trim()];
    }),
  );
}

function isColor(value: string): boolean {
  return value !== "none" && value !== "transparent";
}

function isZero(value: string): boolean {
  return Number.parseFloat(value) <= 0; // below counts as 0
}
