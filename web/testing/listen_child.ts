/** A server for tests of its socket, either the dashboard's or the explorer's; prints its port. */
import { serveExplorer } from "../../core/explore/mod.ts";
import { listen } from "../listen.ts";
import { fakeEngine } from "./fake_generator.ts";

// Deno opens files for signal handling with the first listener, and fails if none are left. The
// dashboard and the explorer have a listener before anybody connects, so this has one as well.
Deno.addSignalListener("SIGTERM", () => Deno.exit(0));

const server = Deno.args[0] === "explorer"
  ? serveExplorer(fakeEngine(), { token: "a token of the test" })
  : listen("127.0.0.1", 0, () => new Response("here"));
console.log(server.port);
