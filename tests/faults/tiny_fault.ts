/**
 * What breaks in the tiny plugin now; see `tiny_gan.ts`. No environment variable alone: test files
 * share a process.
 */
export const tinyFault = { now: Deno.env.get("CAMBIUM_TINY_FAULT") ?? "" };
