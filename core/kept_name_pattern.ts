/** How what a user keeps of a run may be called: directions, projected pictures. */

/** Characters that a name has at most. */
export const LONGEST_NAME = 64;

/**
 * A name, as a part of a pattern with the flag "u": a letter of any script with its marks, then
 * letters, digits, - or _.
 */
export const KEPT_NAME = String.raw`\p{L}[\p{L}\p{M}\p{N}_-]{0,${LONGEST_NAME - 1}}`;

const WHOLE = new RegExp(`^${KEPT_NAME}$`, "u");

/** Whether a text is such a name. */
export const isKeptName = (text: string): boolean => WHOLE.test(text);
