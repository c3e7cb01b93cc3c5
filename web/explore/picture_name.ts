/** What a dropped picture is called. */

/** A name from that of a file, as the command line's `nameOfFile` makes it. */
export function pictureName(file: string): string {
  const stem = file.replace(/(?<=.)\.[^.]*$/, "").normalize();
  const name = [...stem.replaceAll(/[^\p{L}\p{M}\p{N}_-]/gu, "_")].slice(0, 50).join("");
  return /^\p{L}/u.test(name) ? name : `picture_${name}`;
}
