/** Labels in shards: `.cls` and `.json` files beside a picture. */

/** The label files of a picture, unparsed. */
export interface LabelText {
  cls?: Uint8Array;
  json?: Uint8Array;
}

/** Larger label files are ignored. */
export const MAX_LABEL_BYTES = 2 ** 16;

/** Longer names are not classes. */
const MAX_NAME = 200;

/**
 * The class, and the group that is held out together: `label` and `group` of the `.json` if it has
 * them, otherwise the text of `.cls`, which is a number or a name.
 * @returns "" if there is none; a reason if it can't be parsed
 */
export function labelOf(
  { cls, json }: LabelText,
): { label: string; group?: string } | { reason: string } {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  let label = cls ? text(cls) : "", group: string | undefined;
  if (json) {
    let fields: unknown;
    try {
      fields = JSON.parse(text(json));
    } catch {
      return { reason: "damaged: its .json is invalid" };
    }
    if (fields !== null && typeof fields === "object") {
      if ("label" in fields && isName(fields.label)) label = String(fields.label);
      if ("group" in fields && isName(fields.group)) group = String(fields.group);
    }
  }
  if (label.length > MAX_NAME || /[\r\n]/.test(label)) {
    return { reason: `a label that is not a class: expected a number or a name in one line` };
  }
  return { label: label.normalize("NFC"), ...(group === undefined ? {} : { group }) };
}

const isName = (value: unknown): value is string | number =>
  typeof value === "string" || typeof value === "number";
