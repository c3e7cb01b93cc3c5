/** Readers of checkpoint files return a result or a checkpoint error for any input. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { CorruptCheckpointError, NewerCheckpointError } from "../../core/checkpoint/errors.ts";
import {
  CHECKPOINT_SCHEMA,
  decodeManifest,
  encodeManifest,
} from "../../core/checkpoint/manifest.ts";
import { decodeSafetensors, encodeSafetensors } from "../../core/checkpoint/safetensors.ts";
import { contents } from "../../core/checkpoint/test_data.ts";
import { decodesOrThrows, mutatedBytes, replacedJson } from "./mutations.ts";

const KINDS = [CorruptCheckpointError, NewerCheckpointError];
const { files, meta, imagesSeen } = contents(64);
const HASH = "0".repeat(64);
const manifest = encodeManifest({
  ...{ format: "cambium-checkpoint", schema: CHECKPOINT_SCHEMA, imagesSeen, digest: HASH },
  created: "2026-01-01",
  files: { "generator.safetensors": { bytes: 1, sha256: HASH } },
  meta,
});

Deno.test("decodeManifest() gives what was written or a checkpoint error, for any bytes", () => {
  const whole = new TextDecoder().decode(manifest);
  const texts = fc.oneof(
    mutatedBytes(manifest),
    replacedJson(whole).map((text) => new TextEncoder().encode(text)),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.uint8Array(),
  );
  const expected = decodeManifest(manifest);
  let refused = 0;
  fc.assert(
    fc.property(texts, (bytes) => {
      const read = decodesOrThrows(KINDS, () => decodeManifest(bytes));
      if (!read) refused++;
      else assert.deepEqual(read, expected); // its own hash covers everything that matters
    }),
    { seed: 1, numRuns: 600 },
  );
  assert.ok(refused > 500, `${refused}`);
});

Deno.test(
  "decodeSafetensors() gives arrays that fit the file or a checkpoint error, for any " +
    "header",
  () => {
    // contents() contains it
    const [first, ...rest] = encodeSafetensors(files["generator.safetensors"]!);
    // it has a header
    const whole = new Uint8Array([first!, ...rest].flatMap((chunk) => [...chunk]));
    const length = Number(new DataView(whole.buffer).getBigUint64(0, true));
    const header = new TextDecoder().decode(whole.subarray(8, 8 + length)),
      data = whole.slice(8 + length);
    const withHeader = (text: string) => {
      const json = new TextEncoder().encode(text),
        bytes = new Uint8Array(8 + json.length + data.length);
      new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
      bytes.set(json, 8);
      bytes.set(data, 8 + json.length);
      return bytes;
    };
    assert.equal(Object.keys(decodeSafetensors(withHeader(header.trim())).tensors).length, 2);
    const filesOf = fc.oneof(
      mutatedBytes(whole),
      replacedJson(header).map(withHeader),
      fc.json().map(withHeader),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(filesOf, (bytes) => {
        const read = decodesOrThrows([CorruptCheckpointError], () => decodeSafetensors(bytes));
        for (const { data } of Object.values(read?.tensors ?? {})) {
          assert.ok(data.byteLength <= bytes.length);
        }
      }),
      { seed: 1, numRuns: 600 },
    );
  },
);
