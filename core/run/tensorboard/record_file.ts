/** Writes event files: TFRecord frames (tensorflow/core/lib/io/record_writer.h). */
import { AppendFile } from "../folder/append_file.ts";
import { maskedCrc32c } from "./crc32c.ts";

/** A file of records, open for writing. */
export interface RecordFile {
  /** Appends one record. */
  append(data: Uint8Array): Promise<void>;
  /** Closes after all pending appends. */
  close(): Promise<void>;
}

/**
 * Creates a file.
 * @throws Deno.errors.AlreadyExists where the file exists
 */
export async function createRecordFile(path: string): Promise<RecordFile> {
  const file = await Deno.open(path, { write: true, createNew: true });
  const end = new AppendFile(file, 0);
  return {
    append: (event) => end.append(frame(event)),
    async close() {
      await end.settled();
      file.close();
    },
  };
}

/** One TFRecord: length, its checksum, data, its checksum; little-endian. */
function frame(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length + 4);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return bytes;
}
