import type { RunStore } from "./types.ts";

/** Registers a test that gets a new store. */
export type StoreTest = (title: string, run: (store: RunStore) => Promise<void>) => void;
