import assert from "node:assert/strict";
import { bleed } from "./bleed.ts";

Deno.test(
  "bleed() gives invisible pixels the colours of visible neighbours and changes no " +
    "visible one",
  () => {
    const color = { data: Uint8Array.of(200, 0, 0, 0, 50), width: 5, height: 1, channels: 1 };
    const opacity = { data: Uint8Array.of(255, 0, 0, 0, 1), width: 5, height: 1, channels: 1 };
    assert.deepEqual([...bleed(color, opacity, 1).data], [200, 200, 0, 50, 50]);
    assert.deepEqual([...bleed(color, opacity, 2).data], [200, 200, 125, 50, 50]);
  },
);
