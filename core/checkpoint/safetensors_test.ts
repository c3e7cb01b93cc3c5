import assert from "node:assert/strict";
import fc from "fast-check";
import { joinBytes } from "../join_bytes.ts";
import { CorruptCheckpointError } from "./errors.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
import {
  byteLengthOf,
  DTYPE_BYTES,
  float32Values,
  int32Values,
  type StoredDType,
  storedTensor,
  type StoredTensors,
} from "./tensors.ts";

/** A file with any header text, followed by `dataBytes` zeros. */
function file(header: string, dataBytes = 0): Uint8Array {
  const json = new TextEncoder().encode(header);
  const length = new Uint8Array(new BigUint64Array([BigInt(json.length)]).buffer);
  return joinBytes([length, json, new Uint8Array(dataBytes)]);
}

const tensor = fc.record({
  dtype: fc.constantFrom(...Object.keys(DTYPE_BYTES) as StoredDType[]), // its keys are the dtypes
  shape: fc.array(fc.nat(4), { maxLength: 4 }),
}).chain(({ dtype, shape }) => {
  const length = byteLengthOf(dtype, shape);
  return fc.uint8Array({ minLength: length, maxLength: length })
    .map((data) => ({ dtype, shape, data }));
});

const named = fc.array(fc.tuple(fc.string({ unit: "grapheme" }), tensor), { maxLength: 5 })
  .map((entries): StoredTensors => {
    return Object.fromEntries(
      entries.filter(([name]) => name !== "__proto__" && name !== "__metadata__"),
    );
  });

Deno.test("decodeSafetensors() gives back what encodeSafetensors() was given, aligned", () => {
  fc.assert(
    fc.property(named, (tensors) => {
      const decoded = decodeSafetensors(joinBytes(encodeSafetensors(tensors))).tensors;
      assert.deepEqual(Object.keys(decoded).sort(), Object.keys(tensors).sort());
      for (const [name, { dtype, shape, data }] of Object.entries(decoded)) {
        assert.deepEqual({ dtype, shape, data: [...data] }, {
          ...tensors[name],
          data: [...tensors[name]!.data],
        });
        assert.equal(data.byteOffset % DTYPE_BYTES[dtype], 0);
      }
    }),
    { numRuns: 200 },
  );
});

// safetensors 0.8.0 (Python): safetensors.numpy.save({"b/weight": float32 arange(6).reshape(2, 3) /
// 4, "a": bool [1, 0, 1], "step": int64 -7, "n": int32 [5, -6], "u": uint8 [255]}, metadata={"k":
// "v"})
const reference =
  "OAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJrIjoidiJ9LCJzdGVwIjp7ImR0eXBlIjoiSTY0Iiwic2hhcGUiOltd" +
  "LCJkYXRhX29mZnNldHMiOlswLDhdfSwiYi93ZWlnaHQiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzIsM10sImRh" +
  "dGFfb2Zmc2V0cyI6WzgsMzJdfSwibiI6eyJkdHlwZSI6IkkzMiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6" +
  "WzMyLDQwXX0sInUiOnsiZHR5cGUiOiJVOCIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6WzQwLDQxXX0sImEi" +
  "OnsiZHR5cGUiOiJCT09MIiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbNDEsNDRdfX0gICD5/////////wAA" +
  "AAAAAIA+AAAAPwAAQD8AAIA/AACgPwUAAAD6/////wEAAQ==";

Deno.test("decodeSafetensors() reads a file of the reference library", () => {
  const bytes = Uint8Array.from(atob(reference), (c) => c.charCodeAt(0));
  const { tensors, metadata } = decodeSafetensors(bytes);
  assert.deepEqual(metadata, { k: "v" });
  assert.deepEqual(tensors["b/weight"]!.shape, [2, 3]);
  assert.deepEqual([...float32Values(tensors["b/weight"]!)], [0, 0.25, 0.5, 0.75, 1, 1.25]);
  assert.deepEqual([...int32Values(tensors.n!)], [5, -6]);
  assert.deepEqual([...tensors.a!.data], [1, 0, 1]);
  assert.equal(tensors.a!.dtype, "BOOL");
  const { buffer, byteOffset } = tensors.step!.data;
  assert.equal(new DataView(buffer, byteOffset).getBigInt64(0, true), -7n);
  assert.throws(() => float32Values(tensors.n!), /expected F32, received I32/);
  // The same values in our order decode to the same tensors.
  const again = decodeSafetensors(joinBytes(encodeSafetensors(tensors, metadata)));
  assert.deepEqual(again, { tensors, metadata });
});

Deno.test("decodeSafetensors() refuses every header that breaks a rule", () => {
  const entry = (dtype: string, shape: string, offsets: string) =>
    `{"x":{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}}`;
  const good = `"dtype":"U8","shape":[1]`;
  const cases: [string, number, RegExp][] = [
    [entry(`"F16"`, "[1]", "[0,2]"), 2, /a dtype of F32/],
    [entry(`"toString"`, "[1]", "[0,2]"), 2, /a dtype of F32/],
    [entry(`"F32"`, "[2]", "[0,4]"), 4, /offsets that fit its shape/],
    [entry(`"F32"`, "[-1]", "[0,4]"), 4, /a shape of whole numbers/],
    [entry(`"F32"`, "[1.5]", "[0,6]"), 6, /a shape of whole numbers/],
    [entry(`"U8"`, "[9007199254740993]", "[0,1]"), 1, /a shape of whole numbers/],
    [entry(`"U8"`, "[4294967296,4294967296,0]", "[0,0]"), 0, /offsets that fit its shape/],
    [entry(`"U8"`, "[1]", "[0,1,1]"), 1, /two whole data_offsets/],
    [entry(`"U8"`, "[1]", `["0","1"]`), 1, /two whole data_offsets/],
    [entry(`"U8"`, "[1]", "[1,2]"), 2, /"x" to begin at 0, received 1/],
    [entry(`"U8"`, "[1]", "[0,1]"), 2, /1 bytes of arrays, received 2/],
    [entry(`"U8"`, "[1]", "[0,1]"), 0, /"x" to end by 0, received 1/],
    [`{"x":{${good}}}`, 1, /dtype, shape and data_offsets/],
    [`{"x":{${good},"data_offsets":[0,1],"more":1}}`, 1, /dtype, shape and data_offsets/],
    [`{"x":[]}`, 0, /dtype, shape and data_offsets/],
    [`{"__metadata__":{"a":1}}`, 0, /__metadata__ of strings/],
    [`{"__proto__":{${good},"data_offsets":[0,1]}}`, 1, /received __proto__/],
    [`{"\\u005f_proto__":{${good},"data_offsets":[0,1]}}`, 1, /received __proto__/],
    [`{"x":{${good},"data_offsets":[0,1]},"\\u0078":{}}`, 1, /received "x" twice/],
    [
      `{"x":{${good},"data_offsets":[0,1]},"y":{${good},"data_offsets":[0,1]}}`,
      1,
      /"y" to begin at 1/,
    ],
    [`{"x":{${good},"data_offsets":[0,1]},"y":{${good},"data_offsets":[2,3]}}`, 3, /begin at 1/],
    [`{"x":${"[".repeat(40)}${"]".repeat(40)}}`, 0, /at most 32 levels/],
    [` {}`, 0, /begins with \{/],
    [`[]`, 0, /begins with \{/],
    [`{"x":`, 0, /a JSON header/],
    [``, 0, /begins with \{/],
  ];
  for (const [header, dataBytes, message] of cases) {
    assert.throws(
      () => decodeSafetensors(file(header, dataBytes)),
      (error: Error) => error instanceof CorruptCheckpointError && message.test(error.message),
      header,
    );
  }
  const long = new Uint8Array(16);
  new DataView(long.buffer).setBigUint64(0, 2n ** 63n, true);
  assert.throws(() => decodeSafetensors(long), /a header of at most 8388608 bytes/);
  assert.throws(() => decodeSafetensors(new Uint8Array(7)), /at least 8 bytes, received 7/);
  const notUtf8 = file(`{"x":1}`);
  notUtf8[10] = 0xff;
  assert.throws(() => decodeSafetensors(notUtf8), /expected UTF-8/);
});

Deno.test(
  "decodeSafetensors() never crashes: a flipped bit or a cut file is refused or " +
    "decodes",
  () => {
    const bytes = joinBytes(encodeSafetensors({
      weight: storedTensor(Float32Array.of(1, 2, 3), [3]),
      step: storedTensor(Int32Array.of(4), []),
    }));
    const header = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => decodeSafetensors(bytes.slice(0, length)), CorruptCheckpointError);
    }
    assert.throws(
      () => decodeSafetensors(joinBytes([bytes, Uint8Array.of(0)])),
      CorruptCheckpointError,
    );
    for (let bit = 0; bit < header * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      try {
        decodeSafetensors(flipped); // e.g. another name: found by the hash, not by the format
      } catch (error) {
        assert.ok(error instanceof CorruptCheckpointError, `bit ${bit}: ${error}`);
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), fc.json(), (noise, json) => {
      for (const bad of [noise, file(json), file(`{"x":${json}}`, 3)]) {
        try {
          decodeSafetensors(bad);
        } catch (error) {
          assert.ok(error instanceof CorruptCheckpointError, String(error));
        }
      }
    }));
  },
);

Deno.test("encodeSafetensors() refuses what it could not read back", () => {
  const one = storedTensor(Float32Array.of(1), [1]);
  assert.throws(
    () => encodeSafetensors({ x: { ...one, shape: [2] } }),
    /expected 8 bytes .* received 4/,
  );
  assert.throws(() => encodeSafetensors({ __metadata__: one }), /expected ordinary names/);
  assert.throws(() => encodeSafetensors({ ["__proto__"]: one }), /expected ordinary names/);
  assert.throws(() => encodeSafetensors({ ["x".repeat(2 ** 23)]: one }), /a header of at most/);
  assert.throws(() => storedTensor(Float32Array.of(1), [2]), /expected 8 bytes for F32 \[2\]/);
});
