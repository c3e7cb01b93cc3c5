/** Pictures of a folder, measured in place of what a run's generator draws. */
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

/** Pictures that another trainer drew, say. */
export interface FolderSamples {
  /** As it was named. */
  folder: string;
  /** Pictures in it and its subfolders. */
  count: number;
  /**
   * Pictures `first` … `first + images - 1` of an order that the seed of the measurement decides,
   * uint8 [N, R, R, C] a batch.
   */
  batches(first: number, images: number): AsyncGenerator<Uint8Array>;
}

/** The fewest pictures that are compared, as of reals. */
const FEWEST = 4;

/** Pictures are decoded this many at a time. */
const BATCH = 32;

/**
 * Decodes all pictures of a folder once before the first is measured, to know that it can be: none
 * is resized, since that would change the figures.
 * @param run whose pictures they stand for, and how its data are read
 * @param seed of the order
 * @throws RunError where it is no folder, or has fewer than 4 pictures, damaged ones or such of
 * another size than the run's
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
  const { pictures, passedOver: [foreign, ...more] } = await listPictures([folder]);
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
    await settleAll(paths.slice(done, done + BATCH).map(decoded)); // only this tells of a cut
    run.notices.progress(`Looking at ${folder}`, Math.min(done + BATCH, count) / count);
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
