import assert from "node:assert/strict";
import { reach, UNREACHABLE } from "./reach.ts";

Deno.test(
  "reach() tells a server that is gone from one that says no, and an end from " +
    "both",
  async () => {
    const ended = Promise.withResolvers<void>();
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      ({ url }) =>
        url.endsWith("/no") ? new Response("not today", { status: 404 }) : new Response("yes"),
    );
    server.finished.then(ended.resolve);
    const url = `http://127.0.0.1:${server.addr.port}`;
    assert.equal(await (await reach(`${url}/yes`)).text(), "yes");
    await assert.rejects(reach(`${url}/no`), { message: "not today" });
    await assert.rejects(reach(url, { signal: AbortSignal.abort() }), { name: "AbortError" });
    await server.shutdown();
    await ended.promise;
    await assert.rejects(reach(`${url}/yes`), { message: UNREACHABLE });
  },
);
