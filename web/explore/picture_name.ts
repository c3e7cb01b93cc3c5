/** Names for dropped pictures. */

/** Makes a name from a file name, as `nameOfFile` of the command line does. */
export function pictureName(file: string): string {
  const stem = file.replace(/(?<=.)\.[^.]*$/, "").normalize();
  const name = [...stem.replaceAll(/[^\p{L}\p{M}\p{N}_-]/gu, "_")].slice(0, 50).join("");
  return /^\p{L}/u.test(name) ? name : `picture_${name}`;
}
