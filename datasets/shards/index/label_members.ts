/** Labels as shards carry them: `.cls` and `.json` beside a picture. */

/** What lies beside a picture, as it is. */
export interface LabelText {
  cls?: Uint8Array;
  json?: Uint8Array;
}

/** Larger files of labels are none. */
export const MAX_LABEL_BYTES = 2 ** 16;

/** A longer name is no class. */
const MAX_NAME = 200;

/**
 * The class, and what is held out together with it: `label` and `group` of the `.json` where it has
 * them, else the text of `.cls`, which is a number or a name.
 * @returns "" where there is none; a reason where it can't be understood
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
      return { reason: "damaged: its .json is none" };
    }
    if (fields !== null && typeof fields === "object") {
      if ("label" in fields && isName(fields.label)) label = String(fields.label);
      if ("group" in fields && isName(fields.group)) group = String(fields.group);
    }
  }
  if (label.length > MAX_NAME || /[\r\n]/.test(label)) {
    return { reason: `a label that is no class: expected a number or a name in one line` };
  }
  return { label: label.normalize("NFC"), ...(group === undefined ? {} : { group }) };
}

const isName = (value: unknown): value is string | number =>
  typeof value === "string" || typeof value === "number";
