import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { listen } from "./listen.ts";

/** The answer of each server to a client. */
const ANSWERS: Record<"dashboard" | "explorer", (port: number) => Promise<string>> = {
  dashboard: async (port) => await (await fetch(`http://127.0.0.1:${port}/`)).text(),
  async explorer(port) {
    using connection = await Deno.connect({ port });
    await connection.write(new TextEncoder().encode("no hello\n"));
    return await connection.read(new Uint8Array(1)) === null ? "here" : "more";
  },
};

for (const [name, answer] of Object.entries(ANSWERS)) {
  Deno.test({
    name: `connections that take all files that may be open don't end the ${name}`,
    ignore: Deno.build.os === "windows", // Windows has no ulimit
    async fn() {
      const child = new Deno.Command("/bin/sh", {
        args: [
          ...["-c", 'ulimit -n 64; exec "$0" "$@"', Deno.execPath(), "run", "--no-check", "-A"],
          fileURLToPath(import.meta.resolve("./testing/listen_child.ts")),
          name,
        ],
        stdout: "piped",
      }).spawn();
      const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      try {
        const { value = "" } = await reader.read();
        const port = Number(value.trim());
        const held: Deno.Conn[] = [];
        for (let i = 0; i < 100; i++) {
          const connection = await Deno.connect({ port }).catch(() => undefined);
          if (!connection) break; // no more file descriptors
          held.push(connection);
          const part = new TextEncoder().encode("GET / HTTP/1.1\r\nX-Slow: ");
          await connection.write(part).catch(() => {}); // closed by the other side
        }
        assert.ok(held.length > 30, `${held.length} connections`);
        for (const connection of held) connection.close();
        for (let i = 0;; i++) {
          try {
            assert.equal(await answer(port), "here");
            break;
          } catch (error) {
            if (i === 40) throw error;
            await new Promise((done) => setTimeout(done, 250));
          }
        }
      } finally {
        try {
          child.kill("SIGKILL");
        } catch { /* It has ended, which the test detects. */ }
        await reader.cancel();
        await child.status;
      }
    },
  });
}

Deno.test("a port that is taken is called so, and a closed server frees its own", async () => {
  const first = listen("127.0.0.1", 0, () => new Response("here"));
  assert.throws(
    () => listen("127.0.0.1", first.port, () => new Response("here")),
    /Cannot serve on port \d+: another program listens there/,
  );
  await first.shutdown();
  await listen("127.0.0.1", first.port, () => new Response("here")).shutdown();
});
