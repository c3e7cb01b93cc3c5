/** Addresses for workers of this machine. */
import { watchAddress } from "./watch/watch_address.ts";

/** Addresses of loopback at which, and at whose watches' ports, nothing listens now. */
export function freeAddresses(count: number, hostname = "127.0.0.1"): string[] {
  const addresses: string[] = [], listeners: Deno.Listener[] = [];
  try {
    while (addresses.length < count) {
      const listener = Deno.listen({ hostname, port: 0 });
      listeners.push(listener);
      const address = `${hostname}:${(listener.addr as Deno.NetAddr).port}`; // TCP
      try {
        listeners.push(Deno.listen(watchAddress(address)));
        addresses.push(address);
      } catch (error) {
        if (!(error instanceof Deno.errors.AddrInUse)) throw error; // then another one
      }
    }
    return addresses;
  } finally {
    for (const listener of listeners) listener.close();
  }
}
