/** What `context.chart()` does with a point. */
import { kindOf } from "../text.ts";
import { type CurveOwners, takenName } from "./curve_owners.ts";
import type { Outbox } from "./reporter.ts";
import { expectChartName } from "./running_means.ts";

/**
 * Passes a point on. One that would spoil a curve is left out with a warning: a plugin may steer
 * the training in the hook that charts it, so the hook goes on.
 * @param plugin whose point it is, by name
 * @throws TypeError, RangeError for a name that no curve can have, or a value that is no number
 */
export function chartOf(
  { outbox, curves, plugin }: { outbox: Outbox; curves: CurveOwners; plugin: string },
  name: string,
  value: number,
): void {
  expectChartName(name);
  if (typeof value !== "number") {
    throw new TypeError(`Cannot chart "${name}": expected a number, received ${kindOf(value)}`);
  }
  const other = curves.claim(name, plugin);
  const wrong = other !== undefined
    ? takenName(name, other, plugin)
    : Number.isFinite(value)
    ? undefined
    : `expected a finite number, received ${value}`;
  if (wrong === undefined) return outbox.chart(name, value);
  const message = `Plugin "${plugin}" cannot chart "${name}": ${wrong}. The point is left out`;
  outbox.warn(`curve-${name}`, message, plugin);
}
