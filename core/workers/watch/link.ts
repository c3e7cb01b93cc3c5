/** A connection that carries JSON messages, one per line. */
import { readMessage, type WatchMessage } from "./message.ts";
import { writeAll } from "../../write_all.ts";

/**
 * A longer line closes the connection, characters: anyone who can reach the port could otherwise
 * exhaust memory.
 */
const LONGEST_LINE = 100_000;

/** Callbacks of a link. */
export interface LinkListener {
  onMessage(message: WatchMessage): void;
  /** Called once: the peer closed the connection, it broke, or an invalid message arrived. */
  onClosed(): void;
}

/** One end of a connection. */
export interface Link {
  /** Does not wait, since a frozen peer reads nothing. */
  send(message: WatchMessage): void;
  /** Closes once all messages are handed to the system, or after a second. */
  close(): Promise<void>;
}

/** Starts reading. */
export function openLink(connection: Deno.Conn, listener: LinkListener): Link {
  const encoder = new TextEncoder();
  let sent: Promise<unknown> = Promise.resolve(), isOpen = true;

  function end(): void {
    if (!isOpen) return;
    isOpen = false;
    try {
      connection.close();
    } catch {
      // already closed
    }
    listener.onClosed();
  }

  async function read(): Promise<void> {
    let rest = "";
    for await (const part of connection.readable.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + part).split("\n");
      rest = lines.pop()!; // split returns at least one
      for (const line of lines) {
        const message = readMessage(line);
        if (!message || !isOpen) return;
        listener.onMessage(message);
      }
      if (rest.length > LONGEST_LINE) return;
    }
  }

  // Any error closes the connection; which one it was doesn't matter.
  read().catch(() => {}).finally(end);
  return {
    send(message) {
      if (!isOpen) return;
      const line = encoder.encode(JSON.stringify(message) + "\n");
      sent = sent.then(() => writeAll(connection, line)).catch(end);
    },
    async close() {
      const patience = Promise.withResolvers<void>(), timer = setTimeout(patience.resolve, 1000);
      await Promise.race([sent, patience.promise]);
      clearTimeout(timer);
      end();
    },
  };
}
