/** The checkpoints on disk, newest first. */
import { ago, bytes, count } from "../lib/format.ts";
import type { PublicCheckpoint } from "../live/wire.ts";
import { CopyButton } from "./command.tsx";
import { Section } from "./section.tsx";
import { addressOf } from "../lib/address.ts";

interface Props {
  id: string;
  checkpoints: readonly PublicCheckpoint[];
  now: number; // ms since 1970
}

export function Checkpoints({ id, checkpoints, now }: Props) {
  return (
    <Section
      id="checkpoints"
      title="Checkpoints"
      note="The whole state of the run; a resumed run goes on bit for bit."
    >
      {checkpoints.length === 0 ? <p class="muted">None written yet.</p> : (
        <div class="scroll">
          <table class="num">
            <thead>
              <tr>
                <th scope="col">Images</th>
                <th scope="col" class="right">Size</th>
                <th scope="col" class="digest">SHA-256</th>
                <th scope="col">Written</th>
                <th scope="col">
                  <span class="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {[...checkpoints].reverse().map(({ imagesSeen, bytes: size, digest, time }) => (
                <tr key={imagesSeen}>
                  <th scope="row">{count(imagesSeen)}</th>
                  <td class="right">{bytes(size)}</td>
                  <td class="digest">
                    <code title={digest}>{digest.slice(0, 12)}</code>
                  </td>
                  <td>{ago(now - time)}</td>
                  <td class="right">
                    <a
                      class="button tiny quiet"
                      href={addressOf(`/explore?run=${id}&at=${imagesSeen}`)}
                    >
                      Explore
                    </a>
                    <CopyButton
                      text={digest}
                      label={`Copy the hash of the checkpoint at ${imagesSeen} images`}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
