import assert from "node:assert/strict";
import { parseKeepRequest, parseProjectRequest, parseRequest } from "./protocol.ts";

Deno.test("parseRequest() takes every kind and refuses what doesn't fit", () => {
  const good = [
    { kind: "seeds", seeds: [1], truncation: 1 },
    { kind: "seeds", seeds: [1], truncation: 0.5, cutoff: 4 },
    { kind: "interpolate", from: 1, to: 2, position: 0.5, truncation: 0.7 },
    { kind: "mix", coarse: 1, fine: 2, layers: [true, false], truncation: -1 },
    { kind: "fade", seed: 3, alpha: 0.25, truncation: 0.7 },
    { kind: "steer", source: 3, amounts: { 1: -2.5, smile: 1 }, layers: "all", truncation: 0.7 },
    { kind: "steer", source: "@cat", amounts: {}, layers: "fine", truncation: 0.7 },
    { kind: "plugin", values: { strokes: [[[0, 0], [1, 1]]], part: null, seed: [1] } },
  ];
  for (const request of good) assert.deepEqual(parseRequest(request), request);
  const bad = [
    null,
    { kind: "constructor" },
    { kind: "seeds", seeds: [], truncation: 1 },
    { kind: "seeds", seeds: [1.5], truncation: 1 },
    { kind: "seeds", seeds: [2 ** 32], truncation: 1 },
    { kind: "interpolate", from: 1, to: 2 ** 32, position: 0.5, truncation: 1 },
    { kind: "steer", source: 2 ** 32, amounts: {}, layers: "all", truncation: 0.7 },
    { kind: "seeds", seeds: Array(65).fill(1), truncation: 1 },
    { kind: "seeds", seeds: [1], truncation: "1" },
    { kind: "seeds", seeds: [1], truncation: 1, cutoff: -1 },
    { kind: "seeds", seeds: [1], truncation: 1, cutoff: 65 },
    { kind: "interpolate", from: 1, to: 2, position: 1.5, truncation: 1 },
    { kind: "fade", seed: 3, alpha: 1.5, truncation: 0.7 },
    { kind: "steer", source: "../cat", amounts: {}, layers: "all", truncation: 0.7 },
    { kind: "steer", source: 3, amounts: { 1: "2" }, layers: "all", truncation: 0.7 },
    { kind: "steer", source: 3, amounts: {}, layers: "0-3", truncation: 0.7 },
    { kind: "plugin" },
    { kind: "plugin", values: null },
    { kind: "plugin", values: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [i, 1])) },
  ];
  for (const request of bad) {
    assert.throws(() => parseRequest(request), TypeError, JSON.stringify(request));
  }
});

Deno.test("parseProjectRequest() takes a name and a picture, and nothing that leads elsewhere", () => {
  const request = { name: "cat_2", picture: "iVBORw0KGgo=", tune: false };
  assert.deepEqual(parseProjectRequest({ ...request, path: "/etc/passwd" }), request);
  const bad = [
    null,
    { ...request, name: "../cat" },
    { ...request, name: "2cat" },
    { ...request, name: `c${"a".repeat(64)}` },
    { ...request, picture: "<svg>" },
    { ...request, picture: "" },
    { ...request, picture: 3 },
    { ...request, tune: "yes" },
  ];
  for (const value of bad) assert.throws(() => parseProjectRequest(value), TypeError);
});

Deno.test("parseKeepRequest() takes a name, amounts that are not all 0, and layers", () => {
  const request = { name: "smile", amounts: { 3: 1.5, turn: 0 }, layers: "coarse" };
  assert.deepEqual(parseKeepRequest({ ...request, path: "/etc/passwd" }), request);
  const bad = [
    null,
    { ...request, name: "../x" },
    { ...request, amounts: {} },
    { ...request, amounts: { 3: 0 } },
    { ...request, amounts: { 3: "1" } },
    { ...request, amounts: { 3: 101 } },
    { ...request, layers: "1-2" },
  ];
  for (const value of bad) assert.throws(() => parseKeepRequest(value), TypeError);
});
