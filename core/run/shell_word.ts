/** Words of a suggested command, so that it can be pasted. */

/**
 * A word as POSIX shells and `deno task` take it: quoted where it has more than letters, digits and
 * a few signs. A quote in it stands in quotes of the other kind, since `deno task` knows no
 * backslash outside of them.
 * @param text any text
 */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}
