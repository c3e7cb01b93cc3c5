import type { RunStore } from "./types.ts";

/** Registers a test that is given a fresh store. */
export type StoreTest = (title: string, run: (store: RunStore) => Promise<void>) => void;
