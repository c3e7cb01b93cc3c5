/**
 * Quotes a word of a suggested command for POSIX shells and `deno task`, where it contains more
 * than letters, digits and a few safe characters. Single quotes inside it are put in double quotes,
 * since `deno task` supports no backslash outside of quotes.
 * @param text any text
 */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}
