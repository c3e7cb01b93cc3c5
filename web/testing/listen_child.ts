/** A server for tests of its socket, the dashboard's or the explorer's; prints its port. */
import { serveExplorer } from "../../core/explore/mod.ts";
import { listen } from "../listen.ts";
import { fakeEngine } from "./fake_generator.ts";

// Deno opens files for its signals with the first listener, and ends without them: as the
// dashboard and the explorer do, it has one before anybody connects.
Deno.addSignalListener("SIGTERM", () => Deno.exit(0));

const server = Deno.args[0] === "explorer"
  ? serveExplorer(fakeEngine(), { token: "a token of the test" })
  : listen("127.0.0.1", 0, () => new Response("here"));
console.log(server.port);
