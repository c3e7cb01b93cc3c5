/** Training together ended because of another process. */

/** Exit code of a worker that lost another: EX_TEMPFAIL of sysexits.h, "try again". */
export const WORKER_LOST = 75;

/** A worker is frozen, cut off, killed, or ended with an error of its own. */
export class WorkerLostError extends Error {
  /** "WorkerLostError". */
  override name = "WorkerLostError";
  /** What this process should end with: {@linkcode WORKER_LOST}, or as the other worker did. */
  readonly exitCode: number;

  /** @param exitCode see {@linkcode exitCode} */
  constructor(message: string, exitCode: number = WORKER_LOST) {
    super(message);
    this.exitCode = exitCode;
  }
}
