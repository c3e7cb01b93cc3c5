import type { Context } from "hono";
import { NotFound } from "./define.ts";
import { RUN_ID } from "./security/run_files.ts";

/**
 * The run that a request names.
 * @throws NotFound where the name cannot be that of a run
 */
export function runIdOf(c: Context): string {
  const id = c.req.param("id") ?? "";
  if (!RUN_ID.test(id)) throw new NotFound(`Cannot find run "${id.slice(0, 80)}".`);
  return id;
}
