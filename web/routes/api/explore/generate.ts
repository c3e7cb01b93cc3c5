/**
 * Generates a picture: a PNG, or a form with the PNG and an SVG of each cell if it is made of
 * lines. Answers 204 if a newer request of the same page superseded this one.
 */
import { Buffer } from "node:buffer";
import { defineHandlers } from "../../../define.ts";
import { parseModel } from "../../../explore/model.ts";
import { parseRequest } from "../../../../core/explore/protocol.ts";

export default defineHandlers({
  async POST(c, { explorer, store }) {
    const body: Record<string, unknown> = await c.req.json(); // its fields are checked below
    const model = await parseModel(body, store);
    const lane = String(body.lane ?? "").slice(0, 64);
    const picture = await explorer.generate(lane, model, parseRequest(body.request));
    if (!picture) return c.body(null, 204);
    const png = Buffer.from(picture.png, "base64");
    const headers = {
      "x-columns": String(picture.columns),
      "x-rows": String(picture.rows),
      "x-milliseconds": picture.milliseconds.toFixed(1),
    };
    if (!picture.svgs) {
      return new Response(png, { headers: { "content-type": "image/png", ...headers } });
    }
    const parts = new FormData();
    parts.set("picture", new Blob([png], { type: "image/png" }));
    for (const svg of picture.svgs) parts.append("svg", svg);
    return new Response(parts, { headers });
  },
});
