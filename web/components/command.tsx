/** A command line to copy. */
import { useState } from "preact/hooks";

/** Shows a command with a button that copies it. */
export function Command({ text }: { text: string }) {
  return (
    <div class="command">
      <code>{text}</code>
      <CopyButton text={text} label={`Copy: ${text}`} />
    </div>
  );
}

/** Copies `text`, and shows "Copied" for a moment. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [done, setDone] = useState<boolean | null>(null);
  const copy = async () => {
    const isDone = await navigator.clipboard.writeText(text).then(() => true, () => false);
    setDone(isDone);
    setTimeout(() => setDone(null), 1600);
  };
  return (
    <button type="button" class="button tiny quiet" aria-label={label} onClick={copy}>
      <span aria-live="polite">{done === null ? "Copy" : done ? "Copied" : "Press Ctrl+C"}</span>
    </button>
  );
}
