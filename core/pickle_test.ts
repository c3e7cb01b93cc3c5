import assert from "node:assert/strict";
import { readPickle } from "./pickle.ts";
import { readTorchFile } from "./features/torch_file.ts";

/** pickle.dumps(value, 2) of CPython 3.11, the last one by protocol 5, as hexadecimal digits. */
const PICKLES: [string, string, unknown][] = [
  [
    "a dictionary",
    "80027d71002858010000006171015d7102284b014afeffffff4a70110100655801000000627103884e5802000000c3a97104877105752e",
    new Map<unknown, unknown>([["a", [1, -2, 70000]], ["b", [true, null, "é"]]]),
  ],
  ["a long number", "80028a0a6cfc9c46f9206aa850192e", 0x1950a86a20f9469cfc6cn],
  ["an object twice", "80025d7100285d71015801000000787102616801652e", [["x"], ["x"]]],
  [
    "bytes and a fraction",
    "8005951a000000000000007d948c0161945d9428473ff8000000000000430278799465732e",
    new Map<unknown, unknown>([["a", [1.5, Uint8Array.of(120, 121)]]]),
  ],
];

Deno.test("readPickle() reads plain data as Python wrote it", () => {
  for (const [name, hex, expected] of PICKLES) {
    const bytes = Uint8Array.fromHex(hex);
    assert.deepEqual(readPickle(bytes, 0), { value: expected, end: bytes.length }, name);
  }
});

Deno.test("readPickle() calls nothing that it isn't given", () => {
  // pickle.dumps of an object whose __reduce__ is (os.system, ("touch /tmp/x",))
  const bytes = Uint8Array.fromHex(
    "800263706f7369780a73797374656d0a7100580c000000746f756368202f746d702f7871018571025271032e",
  );
  assert.throws(() => readPickle(bytes, 0), /expected a name out of none, received posix system/);
  const names: string[] = [];
  const calls = { "posix system": (args: readonly unknown[]) => void names.push(String(args)) };
  readPickle(bytes, 0, { calls });
  assert.deepEqual(names, ["touch /tmp/x"]); // the caller's own table decides
  assert.throws(() => readPickle(bytes, 0, { calls: Object.create(calls) }), SyntaxError);
});

Deno.test("readPickle() and readTorchFile() say what is wrong with any other bytes", () => {
  const whole = Uint8Array.fromHex(PICKLES[0]![1]);
  for (let length = 0; length < whole.length; length++) {
    assert.throws(() => readPickle(whole.subarray(0, length), 0), SyntaxError, `${length} bytes`);
  }
  for (let i = 0; i < whole.length; i++) {
    for (const byte of [0, 0x28, 0x52, 0x74, 0xff]) {
      const changed = whole.with(i, byte);
      for (const read of [() => readPickle(changed, 0), () => readTorchFile(changed)]) {
        try {
          read();
        } catch (error) {
          assert.ok(error instanceof SyntaxError, String(error));
        }
      }
    }
  }
  assert.throws(() => readTorchFile(whole), /Cannot read PyTorch's weights/);
});
