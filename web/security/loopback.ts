/**
 * Whether an address to bind to can be reached only from this machine.
 * @param host name or IP address
 */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
