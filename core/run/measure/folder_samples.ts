/** Pictures of a folder that are measured instead of a run's generated images. */
import { settleAll } from "../../settle_all.ts";
import {
  decodeSquare,
  listPictures,
  openPicture,
  PictureError,
  readPictureFile,
  type SquareOptions,
} from "../../images/mod.ts";
import { joinBytes } from "../../join_bytes.ts";
import { permutation, seedFor } from "../../random.ts";
import { counted, messageOf } from "../../text.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";

/** Given samples, for example from another trainer. */
export interface FolderSamples {
  /** Path as given. */
  folder: string;
  /** Number of pictures in it and its subfolders. */
  count: number;
  /**
   * Pictures `first` … `first + images - 1`, in an order given by the measurement's seed, in
   * batches of uint8 [N, R, R, C].
   */
  batches(first: number, images: number): AsyncGenerator<Uint8Array>;
}

/** Minimum number of pictures, as for reals. */
const FEWEST = 4;

/** Batch size of decoding. */
const BATCH = 32;

/**
 * Opens a folder, first decoding all pictures once to check them. None is resized, since that would
 * change the metrics.
 * @param run the run whose images they replace, with the options by which its data is read
 * @param seed seed of the order
 * @throws RunError where it is not a folder, or has fewer than 4 pictures, damaged pictures, or
 * pictures of another size than the run's
 */
export async function openFolderSamples(
  run: Pick<LoadedRun, "id" | "resolution" | "notices"> & { spec: { data: SquareOptions } },
  folder: string,
  seed: number,
): Promise<FolderSamples> {
  const cannot = (what: string, cause?: unknown) =>
    new RunError(`Cannot measure --samples ${folder}: ${what}`, { cause });
  const { id, resolution } = run, size = `${resolution} × ${resolution} px`;
  const isFolder = await Deno.stat(folder).then((stat) => stat.isDirectory, (cause) => {
    throw cannot(`expected a folder of pictures: ${messageOf(cause)}`, cause);
  });
  if (!isFolder) throw cannot("expected a folder of pictures, received a file");
  const { pictures, skipped: [foreign, ...more] } = await listPictures([folder]);
  const count = pictures.length;
  if (foreign) {
    run.notices.warn(
      `left out of ${folder}: ${foreign.path} (${foreign.reason})${andMore(more.length)}`,
    );
  }
  if (count < FEWEST) {
    throw cannot(`expected at least ${FEWEST} pictures, received ${count}. Draw more`);
  }
  const paths = pictures.map(({ path }) => path), notes = new Map<string, string>();
  const decoded = async (path: string): Promise<Uint8Array> => {
    try {
      const picture = await openPicture(await readPictureFile(path)), { width, height } = picture;
      if (picture.notesOfFirst.length > 0) notes.set(path, picture.notesOfFirst.join("; "));
      if (width === resolution && height === resolution) {
        return (await decodeSquare(picture, resolution, run.spec.data)).pixels;
      }
      throw cannot(
        `expected pictures of ${size}, where ${id} stands, received ${path} of ` +
          `${width} × ${height} px. Draw them at that size, or measure against a run of theirs`,
      );
    } catch (cause) {
      if (!(cause instanceof PictureError)) throw cause;
      throw cannot(`expected pictures, received ${path}: ${cause.message}. Draw it again`, cause);
    }
  };
  for (let done = 0; done < count; done += BATCH) {
    // only decoding detects truncated files
    await settleAll(paths.slice(done, done + BATCH).map(decoded));
    run.notices.progress(`Checking ${folder}`, Math.min(done + BATCH, count) / count);
  }
  for (const [path, note] of [...notes].slice(0, 1)) {
    run.notices.warn(`read in part: ${path} (${note})${andMore(notes.size - 1)}`);
  }
  const order = permutation(count, seedFor(seed, "metrics/folder"));
  return {
    folder,
    count,
    async *batches(first, images) {
      for (let done = 0; done < images; done += BATCH) {
        const at = Array.from(order.subarray(first + done, first + Math.min(done + BATCH, images)));
        // a permutation of count numbers
        yield joinBytes(await settleAll(at.map((i) => decoded(paths[i]!))));
      }
    },
  };
}

function andMore(files: number): string {
  if (files === 0) return "";
  return ` and ${counted(files, "more file")}`;
}
