/** Words of a suggested command, so that it can be pasted. */

/**
 * A word as a POSIX shell takes it: quoted where it has more than letters, digits and a few signs.
 * @param text any text
 */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
