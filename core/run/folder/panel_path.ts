/** Paths of the pictures of plugins' panels. */

/** Pictures in a row of a panel's file. */
export const PANEL_COLUMNS = 8;

/** A panel's file relative to the run folder, e.g. "panels/diversity-twins.png". */
export function panelPath(file: string): string {
  return `panels/${file}.png`;
}
