/** A server for the test of its socket; prints its port. */
import { listen } from "../listen.ts";

console.log(listen("127.0.0.1", 0, () => new Response("here")).port);
