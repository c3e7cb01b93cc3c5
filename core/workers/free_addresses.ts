import { watchAddress } from "./watch/watch_address.ts";

/**
 * Loopback addresses for workers on this machine: neither their ports nor those of their watches
 * are in use.
 */
export function freeAddresses(count: number, hostname = "127.0.0.1"): string[] {
  const addresses: string[] = [], listeners: Deno.Listener[] = [];
  try {
    while (addresses.length < count) {
      const listener = Deno.listen({ hostname, port: 0 });
      listeners.push(listener);
      // Deno.listen() listens at TCP
      const address = `${hostname}:${(listener.addr as Deno.NetAddr).port}`;
      try {
        listeners.push(Deno.listen(watchAddress(address)));
        addresses.push(address);
      } catch (error) {
        // the watch's port is in use: try another address
        if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      }
    }
    return addresses;
  } finally {
    for (const listener of listeners) listener.close();
  }
}
