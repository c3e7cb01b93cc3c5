/** Bodies are read once, whole, up to a bound and a deadline, whatever their headers say. */
import type { MiddlewareHandler } from "hono";

/** Bounds by path; the first that fits counts. */
const BOUNDS: [path: RegExp, bytes: number][] = [
  [/^\/api\/explore\//, 12 * 2 ** 20], // a picture to enlarge, in base64
  [/./, 4096],
];

/** How long a body may take to arrive, in milliseconds. */
const DEADLINE = 30_000;

/** @param deadline milliseconds */
export function boundBody(deadline = DEADLINE): MiddlewareHandler {
  return async (c, next) => {
    const { raw } = c.req;
    if (!raw.body) return await next();
    const [, most] = BOUNDS.find(([path]) => path.test(c.req.path))!; // the last fits all
    const tooLarge = () => {
      c.header("connection", "close"); // what is still to come is not read
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
        length += value!.length; // there is one unless it is done
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
    if (isLate) return c.text("Cannot accept the request: its body came too slowly.", 408);
    const { method, headers, url } = raw;
    c.req.raw = new Request(url, { method, headers, body: new Blob(chunks) });
    await next();
  };
}
