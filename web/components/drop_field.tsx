/// <reference lib="dom" />
/** A field that takes a picture from the person's disk. */

/** Takes what is dropped or chosen. */
export function DropField(
  { label, hint, isBusy = false, onFile }: {
    label: string;
    hint: string;
    isBusy?: boolean;
    onFile: (file: File | undefined) => void;
  },
) {
  return (
    <label
      class="drop"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        onFile(event.dataTransfer?.files[0]);
      }}
    >
      <strong>{label}</strong>
      <span class="muted small">{hint}</span>
      <input
        type="file"
        accept="image/*"
        disabled={isBusy}
        onChange={(event) => onFile(event.currentTarget.files?.[0])}
      />
    </label>
  );
}
