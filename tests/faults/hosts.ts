/** Simulated machines: Linux network namespaces joined by a bridge. */
import assert from "node:assert/strict";
import { works } from "./tiny_run.ts";

/** Machines with a network link each. */
export interface Hosts {
  /** Addresses of workers, one for each machine. */
  addresses: readonly string[];
  /** The prefix of a command that runs it on a machine. */
  within(host: number): readonly string[];
  /** Cuts or restores a machine's link; neither end of a connection is notified. */
  wire(host: number, state: "up" | "down"): void;
}

const nameOf = (host: number) => `cambium${Deno.pid}-${host}`;

/** Whether this is Linux, as root, and namespaces are allowed. */
export const canMakeHosts = (): boolean =>
  ["add", "del"].every((verb) => works("ip", ["netns", verb, nameOf(0)]));

/** Creates machines, and removes them after the test. */
export async function withHosts(
  count: number,
  test: (hosts: Hosts) => Promise<void>,
): Promise<void> {
  const bridge = `cb${Deno.pid}`, hosts = Array.from({ length: count }, (_, i) => i);
  const address = (host: number) => `10.213.77.${host + 1}`;
  try {
    ip("link", "add", bridge, "type", "bridge");
    ip("link", "set", bridge, "up");
    for (const host of hosts) {
      const name = nameOf(host), wire = `${bridge}-${host}`;
      ip("netns", "add", name);
      ip("link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", name);
      ip("link", "set", wire, "master", bridge);
      ip("link", "set", wire, "up");
      ip("-n", name, "addr", "add", `${address(host)}/24`, "dev", "eth0");
      ip("-n", name, "link", "set", "eth0", "up");
      ip("-n", name, "link", "set", "lo", "up");
    }
    await test({
      addresses: hosts.map((host) => `${address(host)}:4701`),
      within: (host) => ["ip", "netns", "exec", nameOf(host)],
      wire: (host, state) => ip("link", "set", `${bridge}-${host}`, state),
    });
  } finally {
    for (const host of hosts) {
      works("ip", ["link", "del", `${bridge}-${host}`]);
      works("ip", ["netns", "del", nameOf(host)]);
    }
    works("ip", ["link", "del", bridge]);
  }
}

function ip(...args: string[]): void {
  const { success, stderr } = new Deno.Command("ip", { args }).outputSync();
  assert.ok(success, `ip ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
