/** The README of a new plugin's folder. */

/** @param train the command that trains the plugin; `test` is the one that tests it */
export function readmeOf(
  { name, train, test }: { name: string; train: string; test: string },
): string {
  return `# ${name}\n\nA Cambium plugin. Train it: \`${train}\`. Test it: \`${test}\`.\n`;
}
