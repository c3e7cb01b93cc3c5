/** What is wrong with a wish about a run. */

/** A run can't be started, resumed, opened or measured as asked; calling otherwise mends it. */
export class RunError extends Error {
  /** "RunError"; the command line prints it without a stack and ends with exit code 2. */
  override name = "RunError";
}
