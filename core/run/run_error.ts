/**
 * A run can't be started, resumed, opened or measured as requested; the caller must change the
 * request.
 */
export class RunError extends Error {
  /** "RunError"; the command line prints it without a stack and ends with exit code 2. */
  override name = "RunError";
}
