import assert from "node:assert/strict";
import { startServer } from "../main.ts";
import { openRunStore } from "../../core/run/mod.ts";
import { allowedHosts } from "./hosts.ts";
import { isLoopback } from "./loopback.ts";
import { MIN_TOKEN_LENGTH } from "./session.ts";

Deno.test("allowedHosts() names loopback with the exact port, and the bound address", () => {
  const loopback = ["127.0.0.1:80", "localhost:80", "[::1]:80"];
  assert.deepEqual([...allowedHosts({ host: "127.0.0.1", port: 80 })], loopback);
  assert.deepEqual([...allowedHosts({ host: "0.0.0.0", port: 80 })], loopback);
  assert.deepEqual([...allowedHosts({ host: "192.0.2.7", port: 80 })], [
    ...loopback,
    "192.0.2.7:80",
  ]);
});

Deno.test("isLoopback() knows this machine's addresses only", () => {
  for (const host of ["127.0.0.1", "127.1.2.3", "localhost", "::1"]) {
    assert.ok(isLoopback(host), host);
  }
  for (const host of ["0.0.0.0", "::", "192.0.2.7", "127.0.0.1.example", "localhost.example"]) {
    assert.ok(!isLoopback(host), host);
  }
});

Deno.test(
  "an allowed name stands for the usual ports and the dashboard's own; one with a port " +
    "for that alone",
  () => {
    const added = (text: string) =>
      [...allowedHosts({ host: "127.0.0.1", port: 7474, allowed: [text] })].slice(3);
    assert.deepEqual(added("Box.Example"), ["box.example", "box.example:7474"]);
    assert.deepEqual(added("localhost:9000"), ["localhost:9000"]);
    assert.deepEqual(added("box:443"), ["box", "box:443"]);
    assert.deepEqual(added("[FD00::0:1]:8080"), ["[fd00::1]:8080"]);
    assert.deepEqual(added("fd00::1"), ["[fd00::1]", "[fd00::1]:7474"]);
    assert.deepEqual(added("käse.example:1"), ["xn--kse-qla.example:1"]);
    for (const bad of ["", "http://box", "box/path", "a b", "box:", "user@box", "box:70000", "*"]) {
      assert.throws(() => added(bad), /Cannot allow host/, bad);
    }
  },
);

Deno.test(
  "a dashboard that others can reach has a token, and makes one where none is " +
    "given",
  async () => {
    const store = await openRunStore(":memory:");
    const options = { store, runsDir: ".", host: "127.0.0.1", port: 0 };
    try {
      for (
        const [more, isOpen] of [
          [{}, false],
          [{ allowHosts: ["localhost:9000", "[::1]:80"] }, false],
          [{ allowHosts: ["box.example"] }, true],
          [{ trustsProxy: true }, true],
          [{ host: "0.0.0.0" }, true],
        ] as const
      ) {
        const server = await startServer({ ...options, ...more });
        await server.close();
        assert.equal((server.token ?? "").length >= MIN_TOKEN_LENGTH, isOpen, JSON.stringify(more));
      }
      await assert.rejects(startServer({ ...options, token: "short" }), /at least 22 characters/);
    } finally {
      store.close();
    }
  },
);
