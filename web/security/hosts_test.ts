import assert from "node:assert/strict";
import { startServer } from "../main.ts";
import { openRunStore } from "../../core/run/mod.ts";
import { allowedHosts } from "./hosts.ts";
import { isLoopback } from "./loopback.ts";

Deno.test("allowedHosts() names loopback with the exact port, and the bound address", () => {
  const loopback = ["127.0.0.1:80", "localhost:80", "[::1]:80"];
  assert.deepEqual([...allowedHosts({ host: "127.0.0.1", port: 80 })], loopback);
  assert.deepEqual([...allowedHosts({ host: "0.0.0.0", port: 80 })], loopback);
  assert.deepEqual([...allowedHosts({ host: "192.0.2.7", port: 80 })], [
    ...loopback,
    "192.0.2.7:80",
  ]);
  assert.ok(
    allowedHosts({ host: "0.0.0.0", port: 80, allowed: ["Box.example"] }).has("box.example"),
  );
});

Deno.test("isLoopback() knows this machine's addresses only", () => {
  for (const host of ["127.0.0.1", "127.1.2.3", "localhost", "::1"]) {
    assert.ok(isLoopback(host), host);
  }
  for (const host of ["0.0.0.0", "::", "192.0.2.7", "127.0.0.1.example", "localhost.example"]) {
    assert.ok(!isLoopback(host), host);
  }
});

Deno.test("startServer() refuses an address that others reach without a long token", async () => {
  const store = await openRunStore(":memory:");
  const options = { store, runsDir: ".", host: "0.0.0.0", port: 0 };
  await assert.rejects(startServer(options), /expected a token of at least 22 characters/);
  await assert.rejects(startServer({ ...options, token: "short" }), /at least 22 characters/);
  store.close();
});
