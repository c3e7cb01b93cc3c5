import assert from "node:assert/strict";
import { createGuessLimit } from "./guesses.ts";

Deno.test("ten wrong tokens from one address and a hundred in all end a minute's guessing", () => {
  let now = 0;
  const limit = createGuessLimit({ now: () => now });
  for (let i = 0; i < 10; i++) {
    assert.ok(limit.allows("a"));
    limit.failed("a");
  }
  assert.ok(!limit.allows("a"));
  assert.ok(limit.allows("b"));
  for (let i = 0; i < 90; i++) limit.failed(`c${i}`);
  assert.ok(!limit.allows("b"));
  now = 59_999;
  assert.ok(!limit.allows("a"));
  now = 60_000;
  assert.ok(limit.allows("a"));
});
