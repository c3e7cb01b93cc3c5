import assert from "node:assert/strict";
import { openRunStore } from "./open_store.ts";
import { testRunStore } from "./run_store_suite.ts";
import { serveKv } from "./test_kv_server.ts";

testRunStore("A remote KV", async () => {
  const server = serveKv();
  Deno.env.set("DENO_KV_ACCESS_TOKEN", server.token); // where Deno looks for it
  return {
    store: await openRunStore(server.url, { pollInterval: 20 }),
    dispose: async () => await server[Symbol.asyncDispose](),
  };
});

Deno.test("a remote KV that refuses the token says where, and what to check", async () => {
  await using server = serveKv();
  Deno.env.set("DENO_KV_ACCESS_TOKEN", "another");
  await assert.rejects(
    openRunStore(server.url, { deadline: 3000 }),
    /Cannot open the run store at http.*: .*Check the URL and DENO_KV_ACCESS_TOKEN/,
  );
});
