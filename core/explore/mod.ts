/**
 * How the dashboard has pictures made by a process of its own: messages, and that process' side of
 * them.
 */
export * from "./lines.ts";
export * from "./protocol.ts";
export * from "./server.ts";
