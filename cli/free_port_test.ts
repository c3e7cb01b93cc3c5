import assert from "node:assert/strict";
import { UsageError } from "./errors.ts";
import { expectFreePort } from "./free_port.ts";

const host = "127.0.0.1";

Deno.test("a taken port is named, with what to do; it is free again once it is closed", () => {
  const listener = Deno.listen({ hostname: host, port: 0 });
  const { port } = listener.addr;
  assert.throws(
    () => expectFreePort({ host, port }),
    (error) =>
      error instanceof UsageError && error.message.includes(`port ${port}: another program`) &&
      /End it, or choose another with --port; --port 0 takes a free one/.test(error.message),
  );
  listener.close();
  expectFreePort({ host, port });
});

Deno.test("port 0 is free; what is no port, or not this machine's address, is refused", () => {
  expectFreePort({ host, port: 0 });
  for (const port of [-1, 1.5, 65_536, NaN]) {
    assert.throws(() => expectFreePort({ host, port }), /whole number from 0 to 65535/);
  }
  // 192.0.2.0/24 is reserved for documentation (RFC 5737), so no machine has it.
  assert.throws(() => expectFreePort({ host: "192.0.2.1", port: 7474 }), /address of this machine/);
});
