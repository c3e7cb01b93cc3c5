/** Looks at the command line before it can be parsed. */

/** Values of a repeated flag, as `--flag value` or `--flag=value`. */
export function valuesOf(argv: readonly string[], flag: string): string[] {
  return argv.flatMap((word, i) => {
    if (word.startsWith(flag + "=")) return [word.slice(flag.length + 1)];
    const next = argv[i + 1];
    return word === flag && next !== undefined && !next.startsWith("-") ? [next] : [];
  });
}
