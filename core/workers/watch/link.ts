/** A connection that carries one JSON object a line. */
import { readMessage, type WatchMessage } from "./message.ts";
import { writeAll } from "../../write_all.ts";

/** Longer lines end a connection, characters: whoever reaches the port could fill the memory. */
const LONGEST_LINE = 100_000;

/** Told of what comes in. */
export interface LinkListener {
  onMessage(message: WatchMessage): void;
  /** Once: the other side closed it, or it broke, or what came was no message. */
  onClosed(): void;
}

/** One end of it. */
export interface Link {
  /** Never waits: a frozen peer reads nothing. */
  send(message: WatchMessage): void;
  /** Closes once everything that was sent is on its way, or after a second. */
  close(): Promise<void>;
}

/** Reads from now on. */
export function openLink(connection: Deno.Conn, listener: LinkListener): Link {
  const encoder = new TextEncoder();
  let sent: Promise<unknown> = Promise.resolve(), isOpen = true;

  function end(): void {
    if (!isOpen) return;
    isOpen = false;
    try {
      connection.close();
    } catch {
      // the system closed it before
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

  // What breaks a connection closes it; which error it was says nothing more.
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
