/// <reference lib="dom" />
/** An input for a picture from the user's disk. */

/** Accepts a picture that is dropped or chosen. */
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
