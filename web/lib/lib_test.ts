import assert from "node:assert/strict";
import { fakePhases } from "../testing/fake_runs.ts";
import type { RunCard } from "../live/wire.ts";
import { compareAddress, comparedFrom, MAX_COMPARED } from "./compare_address.ts";
import { compareConfigs } from "./config_diff.ts";
import { filterCards, filterFrom, filterTo } from "./filter.ts";
import { ago, bytes, count, duration, measure, percent, short } from "./format.ts";
import { phasesUntil } from "./phases.ts";
import { AHEAD_AT_MOST, shownStatus, STALE_AFTER } from "./status.ts";

Deno.test("shownStatus() calls a running run without heartbeat stale, never failed", () => {
  const head = { status: "running", heartbeatAt: 1000 } as const;
  assert.equal(shownStatus(head, 1000 + STALE_AFTER), "running");
  assert.equal(shownStatus(head, 1001 + STALE_AFTER), "stale");
  assert.equal(shownStatus({ ...head, status: "finished" }, 1e12), "finished");
});

Deno.test("shownStatus() calls a run stale whose heartbeat is of a clock that was set back since", () => {
  const head = { status: "running", heartbeatAt: 1000 + AHEAD_AT_MOST } as const;
  assert.equal(shownStatus(head, 1000), "running", "two machines' clocks may differ");
  assert.equal(shownStatus(head, 999), "stale");
});

Deno.test("numbers are written as people read them", () => {
  assert.equal(count(1234567), "1,234,567");
  assert.deepEqual([short(999), short(1200), short(293_400), short(2.5e6)], [
    "999",
    "1.2 k",
    "293 k",
    "2.5 M",
  ]);
  assert.deepEqual([
    measure(0.69314),
    measure(-1.5),
    measure(0.000012),
    measure(-0.000012),
    measure(NaN),
    measure(null),
  ], [
    "0.6931",
    "−1.5",
    "1.20e−5",
    "−1.20e−5",
    "–",
    "–",
  ]);
  assert.deepEqual(
    [duration(59), duration(3599), duration(7500), duration(90_000), duration(null)],
    [
      "59 s",
      "59 min 59 s",
      "2 h 05 min",
      "1 d 01 h",
      "–",
    ],
  );
  assert.deepEqual([ago(3000), ago(61_000), ago(7.3e6)], ["just now", "1 min ago", "2 h ago"]);
  assert.equal(percent(0.1254), "12.5\u00a0%");
  assert.deepEqual([bytes(12), bytes(38_400_000)], ["12 B", "38.4 MB"]);
});

Deno.test(
  "phasesUntil() cuts a schedule where the run ends, and leaves one that ends " +
    "before",
  () => {
    const phases = fakePhases(8, 100); // 4 px to 100, fade to 200, 8 px to 300
    const ends = (total: number) => phasesUntil(phases, total).map(({ end }) => end);
    assert.deepEqual([ends(150), ends(200), ends(1000)], [[100, 150], [100, 200], [100, 200, 300]]);
  },
);

Deno.test("compareConfigs() flattens and marks what differs, absent counts as different", () => {
  const rows = compareConfigs([{ a: 1, r1: { gamma: 10, every: 16 } }, { a: 1, r1: { gamma: 5 } }]);
  assert.deepEqual(rows, [
    { key: "a", values: ["1", "1"], differs: false },
    { key: "r1.gamma", values: ["10", "5"], differs: true },
    { key: "r1.every", values: ["16", null], differs: true },
  ]);
});

Deno.test("compareConfigs() shows a list as its flag takes it, and none where it is empty", () => {
  const sched = ["4:16:0.01::4000", "8:16"];
  const config = { sched, decayPeriods: [], vggWeights: "", flip: false, stylegan: {} };
  assert.deepEqual(compareConfigs([config]).map(({ key, values }) => [key, ...values]), [
    ["sched", "4:16:0.01::4000,8:16"],
    ["decayPeriods", "none"],
    ["vggWeights", ""],
    ["flip", "false"],
  ]);
});

const card = (id: string, change: Partial<RunCard["head"]>): RunCard => ({
  head: {
    id,
    plugin: "stylegan",
    data: "emoji",
    status: "running",
    heartbeatAt: 0,
    imagesSeen: 1,
    imagesTotal: 10,
    startedAt: 0,
    imagesPerSecond: 1,
    ...change,
  } as RunCard["head"], // all that filters read
  phases: [],
  thumbnail: null,
});

Deno.test("filterCards() needs every word, filters by shown status, and sorts", () => {
  const cards = [
    card("1-a", { startedAt: 1 }),
    card("2-b", { startedAt: 2, data: "pigs", imagesSeen: 9 }),
    card("3-c", { startedAt: 3, status: "failed", imagesSeen: 5 }),
  ];
  const ids = (search: string) => filterCards(cards, filterFrom(search), 0).map((c) => c.head.id);
  assert.deepEqual(ids(""), ["3-c", "2-b", "1-a"]);
  assert.deepEqual(ids("?q=stylegan+PIG"), ["2-b"]);
  assert.deepEqual(ids("?status=failed"), ["3-c"]);
  assert.deepEqual(ids("?order=progress"), ["2-b", "3-c", "1-a"]);
});

Deno.test("a filter survives the address, and nonsense becomes the default", () => {
  const filter = { text: "a b", status: "stale", order: "speed" } as const;
  assert.deepEqual(filterFrom(filterTo(filter)), filter);
  assert.deepEqual(filterFrom("?status=x&order=__proto__"), {
    text: "",
    status: "all",
    order: "newest",
  });
});

Deno.test(
  "compareAddress() keeps how curves are drawn, and comparedFrom() says who has no " +
    "place",
  () => {
    const rest = new URLSearchParams("?runs=x&smooth=0.5&log=1");
    assert.equal(compareAddress(["a", "b"], rest), "/compare?runs=a,b&smooth=0.5&log=1");
    assert.equal(compareAddress([], rest), "/compare?smooth=0.5&log=1");
    assert.equal(compareAddress(["a"]), "/compare?runs=a");
    assert.equal(compareAddress([]), "/compare");
    const ids = Array.from({ length: MAX_COMPARED + 2 }, (_, i) => `run${i}`);
    assert.deepEqual(comparedFrom(["run0", "", ...ids].join()), {
      ids: ids.slice(0, MAX_COMPARED),
      leftOut: ids.slice(MAX_COMPARED),
    });
  },
);
