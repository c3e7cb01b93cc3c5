import assert from "node:assert/strict";
import { clearStatus, createStatus } from "./status.ts";

Deno.test("clearStatus() clears the line that is shown, once, and nothing where none is", () => {
  let written = "";
  const place = { terminal: true, write: (text: string) => void (written += text) };
  const status = createStatus(false, { ...place, width: () => 10 });
  clearStatus();
  assert.equal(written, "");
  status.progress("Opening the data …");
  assert.equal(written, "\r\x1b[KOpening t");
  clearStatus();
  clearStatus();
  assert.equal(written, "\r\x1b[KOpening t\r\x1b[K");
  status.progress("again");
  status.done();
  written = "";
  clearStatus();
  assert.equal(written, "", "done() had cleared it");
});

Deno.test("without a terminal a status is plain lines, and there is nothing to clear", () => {
  let written = "";
  const write = (text: string) => void (written += text);
  const status = createStatus(false, { terminal: false, write });
  status.progress("Drawing", 0.5);
  status.progress("Loading");
  clearStatus();
  status.done();
  assert.equal(written, "Loading\n");
});
