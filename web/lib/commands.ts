/** A run's command lines, told apart. */

/** Command lines to copy. */
export interface Commands {
  /** Goes on with training. */
  resume: string;
  /** Deletes the run and its folder. */
  remove: string;
  /** What else the run can be used for. */
  others: readonly string[];
}

/**
 * @param id of the run
 * @param stored by its trainer; those that name no place are meant for the usual folder of runs
 */
export function commandsOf(id: string, stored: readonly string[] | undefined): Commands {
  const find = (start: string) => stored?.find((text) => text.startsWith(`${start} `));
  const resume = find("deno task train --resume"), remove = find("deno task runs delete");
  return {
    resume: resume ?? `deno task train --resume ${id}`,
    remove: remove ?? `deno task runs delete ${id}`,
    others: stored?.filter((text) => text !== resume && text !== remove) ??
      [`deno task sample --run ${id}`],
  };
}
