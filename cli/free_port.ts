/** Checks whether a server can listen at an address, before anything is started. */
import { UsageError } from "./errors.ts";

/**
 * Asserts that an address is free to listen on.
 * @param place port 0 is always free
 * @throws UsageError naming the port and what to do
 */
export function expectFreePort({ host, port }: { host: string; port: number }): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`Cannot use --port ${port}: expected a whole number from 0 to 65535`);
  }
  if (port === 0) return;
  try {
    Deno.listen({ hostname: host, port }).close();
  } catch (cause) {
    if (cause instanceof Deno.errors.AddrInUse) {
      throw new UsageError(
        `Cannot serve on port ${port}: another program listens there, perhaps a dashboard that ` +
          `still runs ` +
          `(then open http://${
            host.includes(":") ? `[${host}]` : host
          }:${port}/). End it, or choose another with --port; --port 0 takes a free one`,
        { cause },
      );
    }
    throw new UsageError(`Cannot serve on ${host}:${port}: expected an address of this machine`, {
      cause,
    });
  }
}
