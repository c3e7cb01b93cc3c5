/** A run's status as a pill; the shape of its dot differs too, not only the colour. */
import { type ShownStatus, statusLabels } from "../lib/status.ts";

/** @param status as shown */
export function StatusBadge({ status }: { status: ShownStatus }) {
  return <span class={`badge ${status}`}>{statusLabels[status]}</span>;
}
