/** Whether an image's shorter side is `smallest` px or more. */
export function isLarge(
  { width, height }: { width: number; height: number },
  smallest: number,
): boolean {
  return Math.min(width, height) >= smallest;
}
