import assert from "node:assert/strict";
import { Hono } from "hono";
import { boundBody } from "./body.ts";

/** An app that answers with the length of the body it received. */
function lengths(deadline?: number): Hono {
  const app = new Hono();
  app.use(boundBody(deadline));
  app.post("*", async (c) => c.text(String((await c.req.arrayBuffer()).byteLength)));
  return app;
}

/** A body whose length is in no header. */
function chunked(
  chunk: Uint8Array<ArrayBuffer>,
  count: number,
): { body: ReadableStream; sent(): number } {
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (sent === count) return controller.close();
      sent++;
      controller.enqueue(chunk);
    },
  });
  return { body, sent: () => sent };
}

const post = (path: string, body: BodyInit, headers: HeadersInit = {}) =>
  new Request(`http://x${path}`, { method: "POST", body, headers });

Deno.test("bodies are read up to 4 kB, pictures up to 12 MiB, whether or not their length is told", async () => {
  const app = lengths();
  for (const [path, most] of [["/login", 4096], ["/api/explore/generate", 12 * 2 ** 20]] as const) {
    const fits = await app.fetch(post(path, new Uint8Array(most)));
    assert.equal(await fits.text(), String(most));
    const told = await app.fetch(post(path, new Uint8Array(most + 1)));
    assert.equal(told.status, 413);
    const flood = chunked(new Uint8Array(65_536), 1_000_000);
    const unsized = await app.fetch(post(path, flood.body));
    assert.equal(unsized.status, 413);
    assert.match(await unsized.text(), /larger than \d+ bytes/);
    assert.ok(flood.sent() <= most / 65_536 + 4, `${flood.sent()} chunks were read`);
    const lied = await app.fetch(
      post(path, chunked(new Uint8Array(most), 2).body, { "content-length": "1" }),
    );
    assert.equal(lied.status, 413);
  }
});

Deno.test("a body that does not arrive in time is given up", async () => {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(1)), // and then nothing more
  });
  const response = await lengths(20).fetch(post("/login", body));
  assert.equal(response.status, 408);
});
