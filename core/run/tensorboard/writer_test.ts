import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { crc32c } from "./crc32c.ts";
import { type Field, fields, records, sub, text } from "./test_events.ts";
import { type TensorBoardOptions, TensorBoardWriter } from "./writer.ts";

/** Event files of a folder in the order in which TensorBoard reads them. */
async function eventFiles(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return names.filter((name) => name.startsWith("events.")).sort();
}

/** The events of a file. */
const eventsOf = async (folder: string, name: string) =>
  records(await Deno.readFile(join(folder, name))).map(fields);

Deno.test("crc32c() gives the published values", () => {
  // RFC 3720, B.4
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
});

const png = Uint8Array.from({ length: 300 }, (_, i) => i);

/** Writes scalars and a picture. */
async function writeSome(folder: string, options: TensorBoardOptions) {
  const writer = await TensorBoardWriter.open(folder, options);
  await writer.scalars(2 ** 40 + 5, { "loss/generator": 0.5, fid: NaN }, 1_700_000_001_500);
  await writer.image(300, "samples", { width: 200, height: 100, channels: 3, png }, 2000);
  await writer.close();
}

/** Checks the events of {@linkcode writeSome}, after the version event. */
function checkSome(events: readonly Field[][]) {
  assert.equal(events.length, 3);
  const [first, second, third] = events as [Field[], Field[], Field[]]; // just counted
  assert.equal(text(sub(first, 3)[0]), "brain.Event:2");
  assert.deepEqual([sub(second, 1), sub(second, 2)], [[1_700_000_001.5], [2 ** 40 + 5]]);
  const values = sub(fields(sub(second, 5)[0] as Uint8Array), 1).map((v) =>
    fields(v as Uint8Array)
  );
  assert.deepEqual(values.map((value) => [text(sub(value, 1)[0]), sub(value, 2)[0]]), [
    ["loss/generator", 0.5],
    ["fid", NaN],
  ]);
  const value = fields(sub(fields(sub(third, 5)[0] as Uint8Array), 1)[0] as Uint8Array);
  assert.equal(text(sub(value, 1)[0]), "samples");
  const image = fields(sub(value, 4)[0] as Uint8Array);
  assert.deepEqual([1, 2, 3].map((field) => sub(image, field)[0]), [100, 200, 3]);
  assert.deepEqual([...sub(image, 4)[0] as Uint8Array], [...png]);
}

Deno.test("TensorBoardWriter writes events that an independent reader decodes", () =>
  withFolder(async (folder) => {
    await writeSome(folder, { time: 1_700_000_000_123 });
    const name = "events.out.tfevents.1700000000.cambium";
    assert.deepEqual(await eventFiles(folder), [name]);
    const events = await eventsOf(folder, name);
    assert.deepEqual(sub(events[0]!, 1), [1_700_000_000.123]);
    checkSome(events);
  }));

Deno.test("TensorBoardWriter opens another file on resume, and says from where", () =>
  withFolder(async (folder) => {
    const time = 1_700_000_000_000;
    await (await TensorBoardWriter.open(folder, { time })).close();
    const resumed = await TensorBoardWriter.open(folder, { time, resumedAt: 640 });
    await Promise.all([1, 2, 3].map((step) => resumed.scalars(step, { loss: step })));
    await resumed.close();
    const files = await eventFiles(folder);
    assert.equal(files[1], "events.out.tfevents.1700000001.cambium");
    checkResumed(await eventsOf(folder, files[1]!));
  }));

/** Checks a file of steps 1 to 3, resumed from a checkpoint at 640 images. */
function checkResumed(events: readonly Field[][]) {
  assert.deepEqual(events.map((event) => sub(event, 2)[0] ?? 0), [0, 641, 1, 2, 3]);
  assert.deepEqual(fields(sub(events[1]!, 7)[0] as Uint8Array), [{ field: 1, value: 1 }]); // START
}

Deno.test(
  "a file that is resumed at once, or by a clock set back, is followed by one that " +
    "sorts behind it",
  () =>
    withFolder(async (folder) => {
      const now = 1_700_000_000_000;
      // As earlier versions, which let TensorFlow write, named theirs: host, process, number.
      const first = "events.out.tfevents.1700000000.host.12.0.cambium";
      await Deno.writeTextFile(join(folder, first), "");
      const resumed = await TensorBoardWriter.open(folder, {
        time: now - 3_600_000,
        resumedAt: 640,
      });
      for (const step of [1, 2, 3]) await resumed.scalars(step, { loss: step });
      await resumed.close();
      const files = await eventFiles(folder);
      assert.deepEqual(files, [first, "events.out.tfevents.1700000001.cambium"]);
      checkResumed(await eventsOf(folder, files[1]!));
    }),
);

Deno.test("an event is in the file before the next one comes", () =>
  withFolder(async (folder) => {
    const writer = await TensorBoardWriter.open(folder);
    for (const count of [2, 3, 4]) {
      await writer.scalars(count, { loss: count });
      const [name] = await eventFiles(folder);
      assert.equal((await eventsOf(folder, name!)).length, count);
    }
    await writer.close();
  }));
