/**
 * The processor time of a process, for machines on which other work makes wall-clock time
 * meaningless.
 */

/** Clock ticks per second in `/proc`, the same on all current Linux systems. */
const TICKS = 100;

/** Seconds of all threads from the text of `/proc/PID/stat`: fields 14 and 15, user and system. */
export function secondsOf(stat: string): number {
  // The second field is a name in parentheses, which may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/**
 * Watches a process until it ends.
 * @returns `stop()` returns its processor seconds, to within a second; null if there is no `/proc`
 */
export function processorSeconds(pid: number): { stop(): Promise<number | null> } {
  let last: number | null = null, isOver = false;
  const watch = async () => {
    while (!isOver) {
      try {
        last = secondsOf(await Deno.readTextFile(`/proc/${pid}/stat`));
      } catch {
        return; // the process has ended, or this is not Linux
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  const watched = watch();
  return {
    async stop() {
      isOver = true;
      await watched;
      return last;
    },
  };
}
