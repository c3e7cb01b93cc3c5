/** What can't leave the house, and why. */
export class ExportError extends Error {
  override readonly name = "ExportError";
}
