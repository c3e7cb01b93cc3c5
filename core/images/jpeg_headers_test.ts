import assert from "node:assert/strict";
import sharp from "sharp";
import { openPicture } from "./open_picture.ts";
import { reasonOf } from "./test_reason.ts";

const noise = (width: number, height: number) =>
  sharp(Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7919) % 251), {
    raw: { width, height, channels: 3 },
  });

const raw = async (bytes: Uint8Array) =>
  (await (await openPicture(bytes)).decode((image) => image.raw())).data;

Deno.test(
  "a JPEG with a wrong byte in its scan's header is read as the right one, with a " +
    "note",
  async () => {
    const right = await noise(64, 48).jpeg().toBuffer();
    const scan = right.indexOf(Buffer.from([0xff, 0xda])),
      end = scan + 5 + 2 * right[scan + 4]! + 1;
    assert.equal(right[end], 63);
    const expected = await raw(right);
    for (const [at, value] of [[end, 0], [end - 1, 1], [end + 1, 0x10]] as const) {
      const wrong = Uint8Array.from(right);
      wrong[at] = value;
      const picture = await openPicture(wrong);
      assert.equal(picture.notes.length, 1);
      assert.deepEqual((await picture.decode((image) => image.raw())).data, expected);
    }
    assert.deepEqual((await openPicture(right)).notes, []);
    const progressive = await noise(64, 48).jpeg({ progressive: true }).toBuffer();
    assert.deepEqual(
      (await openPicture(progressive)).notes,
      [],
      "its scans are parts by intention",
    );
  },
);

Deno.test(
  "stray bytes between a JPEG's headers, before and after its end are passed " +
    "over",
  async () => {
    const jpeg = await noise(64, 48).jpeg().toBuffer(), expected = await raw(jpeg);
    const first = 4 + jpeg.readUInt16BE(4); // behind the first segment
    const stray = new Uint8Array([...jpeg.subarray(0, first), 0, 7, 0, ...jpeg.subarray(first)]);
    const picture = await openPicture(stray);
    assert.deepEqual(picture.notes, ["stray bytes between its headers were ignored"]);
    assert.deepEqual((await picture.decode((image) => image.raw())).data, expected);
    const drone = new Uint8Array([...jpeg.subarray(0, -2), ...Array(12).fill(0x12), 0xff, 0xd9]);
    assert.deepEqual(await raw(drone), expected);
    assert.deepEqual(await raw(new Uint8Array([...jpeg, ...Array(4096).fill(0)])), expected);
  },
);

Deno.test(
  "a whole JPEG without its end mark is read, a progressive one that may lack scans is " +
    "not",
  async () => {
    const jpeg = await noise(64, 48).jpeg().toBuffer();
    for (const cut of [1, 2]) {
      const picture = await openPicture(jpeg.subarray(0, -cut));
      assert.deepEqual(picture.notes, ["its missing end marker was ignored"]);
      assert.deepEqual((await picture.decode((image) => image.raw())).data, await raw(jpeg));
    }
    const progressive = await noise(64, 48).jpeg({ progressive: true }).toBuffer();
    assert.equal(await reasonOf(progressive.subarray(0, -2)), "damaged: it is cut short");
  },
);

Deno.test(
  "a JPEG that is truly cut is damaged, even with an end put behind it or a wrong " +
    "header",
  async () => {
    const jpeg = await noise(64, 48).jpeg().toBuffer(), half = jpeg.subarray(0, jpeg.length / 2);
    assert.equal(await reasonOf(half), "damaged: it is cut short");
    assert.equal(await reasonOf(jpeg.subarray(0, -20)), "damaged: it is cut short");
    assert.match(await reasonOf(new Uint8Array([...half, 0xff, 0xd9])), /^damaged/);
    const scan = half.indexOf(Buffer.from([0xff, 0xda])), wrong = Uint8Array.from(half);
    wrong[scan + 5 + 2 * wrong[scan + 4]! + 1] = 0;
    assert.match(await reasonOf(wrong), /^damaged/);
  },
);
