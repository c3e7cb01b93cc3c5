import assert from "node:assert/strict";
import type { Observer, RunEvent } from "../events.ts";
import { createObserverFeed } from "./observer_feed.ts";

const metric = (imagesSeen: number): RunEvent => ({
  ...{ type: "metrics", imagesSeen, values: { loss: imagesSeen }, time: imagesSeen },
});
const end: RunEvent = { type: "end", status: "finished", imagesSeen: 99, reason: "done" };
const imagesOf = (event: RunEvent) => "imagesSeen" in event ? event.imagesSeen : -1;

/** An observer that fails on demand, with a clock that the test sets. */
function bench(fails: (event: RunEvent) => boolean, patience?: number) {
  const taken: number[] = [], told: string[] = [];
  const clock = { now: 0 };
  let tries = 0;
  const observer: Observer = {
    name: "The disk",
    on(event) {
      tries++;
      if (fails(event)) throw new Error("it is full");
      taken.push(imagesOf(event));
    },
  };
  const feed = createObserverFeed(observer, {
    tell: (level, message) => Promise.resolve(void told.push(`${level}: ${message}`)),
    now: () => clock.now,
    ...(patience === undefined ? {} : { patience }),
  });
  return { feed, taken, told, clock, tries: () => tries };
}

const LOST =
  "warning: The disk failed: it is full. Training goes on; what it misses is kept, and it is " +
  "tried again";

Deno.test(
  "an observer that fails for a while gets all that it missed, in order, and both " +
    "turns are told once",
  async () => {
    let isFull = false;
    const { feed, taken, told, clock } = bench(() => isFull);
    for (let i = 0; i < 20; i++) {
      isFull = i >= 5 && i < 11; // 6 of 20 events
      clock.now = 1000 * i;
      await feed.send(metric(i));
    }
    await feed.send(end);
    assert.deepEqual(taken, [...Array(20).keys(), 99]);
    assert.deepEqual(told, [LOST, "info: The disk works again after 7 s; nothing is missing"]);
  },
);

Deno.test("new tries come after 1, 2, 4 … 60 s, at each checkpoint and at the end", async () => {
  const { feed, clock, tries } = bench(() => true);
  const at: number[] = [];
  for (clock.now = 0; clock.now <= 300_000; clock.now += 500) {
    const before = tries();
    await feed.send(metric(clock.now));
    if (tries() > before) at.push(clock.now / 1000);
  }
  assert.deepEqual(at, [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
  const before = tries();
  const entry = { imagesSeen: 1, path: "c", bytes: 1, digest: "d", time: 1 };
  await feed.send({ type: "checkpoint", entry, removed: [] });
  assert.ok(tries() > before);
  const beforeEnd = tries();
  await feed.send(end);
  assert.ok(tries() > beforeEnd);
});

Deno.test(
  "an event that an observer can never take is left out, and told; no long outage " +
    "costs one",
  async () => {
    let isFull = true;
    const { feed, taken, told, clock } = bench((event) => isFull || imagesOf(event) === 3);
    const pass = async (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        clock.now += 60_000;
        await feed.send(metric(i));
      }
    };
    await pass(0, 3);
    await pass(4, 40); // more tries than TRIES_OF_ONE
    isFull = false;
    await pass(40, 42);
    assert.deepEqual(taken, [0, 1, 2, ...Array.from({ length: 38 }, (_, i) => i + 4)]);
    told.length = 0;
    await feed.send(metric(3));
    await pass(42, 60);
    assert.deepEqual(taken.slice(-18), Array.from({ length: 18 }, (_, i) => i + 42));
    assert.equal(told.length, 2);
    assert.match(told[1]!, /works again after \d+ s; events left out: 1$/);
  },
);

Deno.test(
  "what waits is bounded: the oldest measurements go, and are counted; of ticks only " +
    "the last is kept",
  async () => {
    let isFull = true;
    const { feed, taken, told } = bench(() => isFull);
    for (let i = 0; i < 10_050; i++) await feed.send(metric(i));
    // the feed reads no other fields
    const tick = (imagesSeen: number) => ({ type: "tick", imagesSeen }) as RunEvent;
    for (let i = 0; i < 1000; i++) await feed.send(tick(20_000 + i));
    isFull = false;
    await feed.send(end);
    assert.deepEqual(taken.slice(-2), [20_999, 99]);
    assert.equal(taken.length, 10_000);
    assert.match(told[1]!, /events left out: 52$/); // 10,050 + a tick + the end
  },
);

Deno.test(
  "an observer that is slow keeps nobody waiting, takes everything in order, and the " +
    "end waits for it",
  async () => {
    const gate = Promise.withResolvers<void>(), taken: number[] = [];
    const slow: Observer = {
      name: "The slow one",
      async on(event) {
        await gate.promise;
        taken.push(imagesOf(event));
      },
    };
    const tell = () => assert.fail("slow is not lost");
    const feed = createObserverFeed(slow, { tell, patience: 5 });
    for (let i = 0; i < 10; i++) await feed.send(metric(i));
    assert.deepEqual(taken, []);
    const ended = feed.send(end);
    gate.resolve();
    await ended;
    assert.deepEqual(taken, [...Array(10).keys(), 99]);
  },
);
