/** Names that users may give to what they keep of a run: directions, projected pictures. */

/** Maximum length of a name, characters. */
export const LONGEST_NAME = 64;

/**
 * Regular expression source of a name, for the flag "u": a letter of any script, then letters,
 * combining marks, digits, - or _.
 */
export const KEPT_NAME = String.raw`\p{L}[\p{L}\p{M}\p{N}_-]{0,${LONGEST_NAME - 1}}`;

const WHOLE = new RegExp(`^${KEPT_NAME}$`, "u");

/** Whether a text is such a name. */
export const isKeptName = (text: string): boolean => WHOLE.test(text);
