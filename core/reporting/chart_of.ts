import { kindOf } from "../text.ts";
import { type CurveOwners, takenName } from "./curve_owners.ts";
import type { Outbox } from "./reporter.ts";
import { expectChartName } from "./running_means.ts";

/**
 * Implements `context.chart()`: passes a point on to the outbox. A point that would spoil a curve
 * is dropped with a warning rather than an error, since the hook that charts it may also steer the
 * training and must run to its end.
 * @param plugin name of the plugin that charts the point
 * @throws TypeError, RangeError for a name that no curve can have, or a value that is not a number
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
