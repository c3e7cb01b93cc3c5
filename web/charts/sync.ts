/** Links charts so that their cursors move together. */
const groups = new Map<string, Set<(x: number | null) => void>>();

/**
 * Joins the charts of a key.
 * @param onCursor called for every move in the group, including one's own
 */
export function linkCursors(
  key: string,
  onCursor: (x: number | null) => void,
): { tell: (x: number | null) => void; close: () => void } {
  const group = groups.get(key) ?? new Set();
  groups.set(key, group);
  group.add(onCursor);
  return {
    tell: (x) => {
      for (const member of group) member(x);
    },
    close: () => {
      group.delete(onCursor);
      if (group.size === 0) groups.delete(key);
    },
  };
}
