/** Machines that a test makes: network namespaces of Linux, joined by a bridge. */
import assert from "node:assert/strict";
import { works } from "./tiny_run.ts";

/** Machines with a wire each. */
export interface Hosts {
  /** Addresses of workers, one a machine. */
  addresses: readonly string[];
  /** Words before a command that runs it on a machine. */
  within(host: number): readonly string[];
  /** Cuts a machine's wire, or mends it: no end of a connection is told. */
  wire(host: number, state: "up" | "down"): void;
}

const nameOf = (host: number) => `cambium${Deno.pid}-${host}`;

/** True on Linux for root, where namespaces are allowed. */
export const canMakeHosts = (): boolean =>
  ["add", "del"].every((verb) => works("ip", ["netns", verb, nameOf(0)]));

/** Makes machines, and takes them away after the test. */
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
