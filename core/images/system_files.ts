/**
 * Files that operating systems, network drives and archivers leave in folders, which are silently
 * ignored.
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

/** Synology stores streams beside files; chkdsk stores recovered files in folders. */
const SYSTEM_PATTERN = /@syno(eastream|resource)$|^found\.\d{3}$/i;

/**
 * Whether a path leads through a hidden or system file or folder.
 * @param path with "/" between folders
 */
export function isSystemFile(path: string): boolean {
  return path.split("/").some((part) =>
    /^\.[^.]/.test(part) || SYSTEM_NAMES.has(part.toLowerCase()) || SYSTEM_PATTERN.test(part)
  );
}
