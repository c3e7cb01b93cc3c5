/**
 * What operating systems, network drives and archivers leave in folders: passed over
 * without a word.
 */

/** Names of files and folders, in lower case. */
const SYSTEM_NAMES = new Set([
  ...["__macosx", "icon\r", "network trash folder", "temporary items"], // macOS
  ...["thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "$recycle.bin", "recycler"], // Windows
  ...["system volume information", "folder.htt", "zbthumbnail.info", "picasa.ini"],
  ...["@eadir", "@tmp", "#recycle", "#snapshot", "@sharebin"], // Synology
  ...["@recycle", "@recently-snapshot", "@__thumb", "@transcode"], // QNAP
  ...["lost+found"], // ext4
]);

/** Synology keeps streams beside files; chkdsk puts what it found into folders. */
const SYSTEM_PATTERN = /@syno(eastream|resource)$|^found\.\d{3}$/i;

/**
 * Whether a path leads through something hidden or a system's own.
 * @param path "/" between folders
 */
export function isSystemFile(path: string): boolean {
  return path.split("/").some((part) =>
    /^\.[^.]/.test(part) || SYSTEM_NAMES.has(part.toLowerCase()) || SYSTEM_PATTERN.test(part)
  );
}
