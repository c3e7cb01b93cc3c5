/**
 * Lets the dashboard generate pictures in a separate process: the messages between them, and that
 * process's side of the protocol.
 */
export * from "./lines.ts";
export * from "./protocol.ts";
export * from "./server.ts";
