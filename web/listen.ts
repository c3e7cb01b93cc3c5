/** The server's socket, which outlives a shortage of open files. */
import { messageOf } from "../core/text.ts";

/** Milliseconds until the port is opened again. */
const PAUSE = 500;

/** A socket that is served. */
export interface Listening {
  /** The port that was taken. */
  port: number;
  /** Takes no more requests, and waits for those that are under way. */
  shutdown(): Promise<void>;
}

/**
 * Serves on a port. Where connections have taken all files that the process may open, Deno ends its
 * server; it is begun anew once some are free.
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
  void keep(); // a fault of another kind ends the process
  return {
    port,
    async shutdown() {
      isClosing = true;
      await server.shutdown();
    },
  };
}

/** Tries until files are free; undefined where the server is closed before. */
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

/** EMFILE of the process, ENFILE of the machine. */
function isShortOfFiles(error: unknown): boolean {
  return /too many open files|\(os error 2[34]\)/i.test(messageOf(error));
}
