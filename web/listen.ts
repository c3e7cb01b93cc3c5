/** The server's socket, which survives running out of file descriptors. */
import { messageOf } from "../core/text.ts";

/** Time before the port is opened again, ms. */
const PAUSE = 500;

/** A socket that is being served. */
export interface Listening {
  /** The actual port. */
  port: number;
  /** Stops accepting requests, and waits for those in progress. */
  shutdown(): Promise<void>;
}

/**
 * Serves on a port. If connections use up all file descriptors of the process, Deno ends its
 * server; it is restarted once some are free again.
 * @throws Error where the port is taken
 */
export function listen(
  hostname: string,
  wanted: number,
  handler: (request: Request) => Response | Promise<Response>,
): Listening {
  const open = (port: number) => Deno.serve({ hostname, port, onListen: () => {} }, handler);
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = open(wanted);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    throw new Error(
      `Cannot serve on port ${wanted}: another program listens there, perhaps a dashboard that still runs. ` +
        `End it, or choose another with --port; --port 0 takes a free one`,
      { cause },
    );
  }
  const { port } = server.addr;
  let isClosing = false;
  const keep = async () => {
    while (!isClosing) {
      try {
        await server.finished;
        return;
      } catch (error) {
        if (!isShortOfFiles(error)) throw error;
        server = await reopened(() => open(port), () => isClosing) ?? server;
      }
    }
  };
  void keep(); // other errors end the process
  return {
    port,
    async shutdown() {
      isClosing = true;
      await server.shutdown();
    },
  };
}

/** Retries until file descriptors are free; undefined if the server is closed first. */
async function reopened<T>(open: () => T, isClosing: () => boolean): Promise<T | undefined> {
  while (!isClosing()) {
    await new Promise((done) => setTimeout(done, PAUSE));
    try {
      return open();
    } catch (error) {
      if (!isShortOfFiles(error) && !(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

/** EMFILE (limit of the process) or ENFILE (limit of the machine). */
function isShortOfFiles(error: unknown): boolean {
  return /too many open files|\(os error 2[34]\)/i.test(messageOf(error));
}
