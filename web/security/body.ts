/**
 * Reads request bodies once and as a whole, up to a maximum size and a deadline, whatever their
 * headers say.
 */
import type { MiddlewareHandler } from "hono";

/** Maximum size by path; the first match applies. */
const BOUNDS: [path: RegExp, bytes: number][] = [
  [/^\/api\/explore\//, 12 * 2 ** 20], // a picture to enlarge, in base64
  [/./, 4096],
];

/** Time that a body may take to arrive, ms. */
const DEADLINE = 30_000;

/** @param deadline milliseconds */
export function boundBody(deadline = DEADLINE): MiddlewareHandler {
  return async (c, next) => {
    const { raw } = c.req;
    if (!raw.body) return await next();
    // the last one matches every path
    const [, most] = BOUNDS.find(([path]) => path.test(c.req.path))!;
    const tooLarge = () => {
      c.header("connection", "close"); // the rest of the body is not read
      return c.text(`Cannot accept the request: its body is larger than ${most} bytes.`, 413);
    };
    if (Number(c.req.header("content-length") ?? 0) > most) return tooLarge();
    const reader = raw.body.getReader(), chunks: Uint8Array<ArrayBuffer>[] = [];
    let length = 0, isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reader.cancel().catch(() => {}); // the browser may have left
    }, deadline);
    try {
      for (let { done, value } = await reader.read(); !done;) {
        length += value!.length; // there is a value unless it is done
        if (length > most) {
          reader.cancel().catch(() => {}); // as above
          return tooLarge();
        }
        chunks.push(value!);
        ({ done, value } = await reader.read());
      }
    } finally {
      clearTimeout(timer);
    }
    if (isLate) return c.text("Cannot accept the request: its body arrived too slowly.", 408);
    const { method, headers, url } = raw;
    c.req.raw = new Request(url, { method, headers, body: new Blob(chunks) });
    await next();
  };
}
