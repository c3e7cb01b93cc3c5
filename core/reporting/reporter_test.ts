import assert from "node:assert/strict";
import { createOutbox } from "./reporter.ts";

Deno.test("what hooks of JavaScript say is text, whatever they pass", () => {
  const outbox = createOutbox() as unknown as { // past the type checker
    log(message: unknown): void;
    warn(code?: unknown, message?: unknown): void;
    take(): { lines: unknown[] };
  };
  outbox.log(undefined);
  outbox.log(new Error("no room"));
  outbox.warn("dark");
  outbox.warn(undefined, 3);
  assert.deepEqual(outbox.take().lines, [
    { level: "info", message: "undefined" },
    { level: "info", message: "no room" },
    { level: "warning", message: "dark", code: "dark" },
    { level: "warning", message: "3", code: "undefined" },
  ]);
});
