/** A network that can't be exported, and why. */
export class ExportError extends Error {
  override readonly name = "ExportError";
}
