/** The URL of the compare page. */
import { addressOf } from "./address.ts";

/** Most runs on one chart; more could not be told apart. */
export const MAX_COMPARED = 6;

/**
 * The compare page for some runs.
 * @param ids of the runs
 * @param rest other query parameters, e.g. how curves are drawn; its "runs" is replaced
 */
export function compareAddress(
  ids: readonly string[],
  rest: URLSearchParams = new URLSearchParams(),
): string {
  const kept = new URLSearchParams(rest);
  kept.delete("runs");
  const parts = [
    ...ids.length > 0 ? [`runs=${ids.join(",")}`] : [],
    ...kept.size > 0 ? [kept] : [],
  ];
  return addressOf(`/compare${parts.length > 0 ? "?" : ""}${parts.join("&")}`);
}

/**
 * Splits a requested list of runs.
 * @param text ids separated by commas
 */
export function comparedFrom(text: string): { ids: string[]; leftOut: string[] } {
  const wanted = [...new Set(text.split(",").filter((id) => id !== ""))];
  return { ids: wanted.slice(0, MAX_COMPARED), leftOut: wanted.slice(MAX_COMPARED) };
}
