import assert from "node:assert/strict";
import { narrowPort } from "./narrow_port.ts";

const reaches = async (hostname: string, port: number) => {
  try {
    (await Deno.connect({ hostname, port, signal: AbortSignal.timeout(1000) })).close();
    return true;
  } catch {
    return false; // dropped packets are answered by nothing
  }
};

Deno.test({
  name: "narrowPort() keeps a port that listens everywhere to one address",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    for (const wildcard of ["0.0.0.0", "::"]) {
      using listener = Deno.listen({ hostname: wildcard, port: 0 });
      const { port } = listener.addr;
      assert.equal(await reaches("127.0.0.2", port), true);
      assert.equal(narrowPort(port, "127.0.0.1"), true);
      assert.equal(await reaches("127.0.0.1", port), true);
      assert.equal(await reaches("127.0.0.2", port), false);
      if (wildcard === "0.0.0.0") continue;
      assert.equal(await reaches("::1", port), false);
      narrowPort(port, "::1");
      assert.equal(await reaches("::1", port), true);
      assert.equal(await reaches("127.0.0.1", port), false);
    }
    assert.throws(() => narrowPort(1, "127.0.0.1"), /a socket that listens there, received none/);
  },
});
