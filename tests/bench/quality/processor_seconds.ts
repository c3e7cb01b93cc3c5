/** What a process has computed, where other work on the machine makes minutes say little. */

/** Clock ticks a second of `/proc`, on all Linux of today. */
const TICKS = 100;

/** Seconds of all threads from the text of `/proc/PID/stat`: fields 14 and 15, user and system. */
export function secondsOf(stat: string): number {
  // The second field is a name in brackets, which may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/**
 * Watches a process until it ends.
 * @returns `stop()` tells its processor seconds, to a second; null where there is no `/proc`
 */
export function processorSeconds(pid: number): { stop(): Promise<number | null> } {
  let last: number | null = null, isOver = false;
  const watch = async () => {
    while (!isOver) {
      try {
        last = secondsOf(await Deno.readTextFile(`/proc/${pid}/stat`));
      } catch {
        return; // it has ended, or this is no Linux
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
