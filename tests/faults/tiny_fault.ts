/**
 * The tiny plugin's current fault, see `tiny_gan.ts`. An environment variable alone is not enough,
 * because test files share a process.
 */
export const tinyFault = { now: Deno.env.get("CAMBIUM_TINY_FAULT") ?? "" };
