/** What a catalogue may hold. */
import type { Plural } from "../shell/words.ts";

/** The same keys as the English catalogue, each with its own words. */
export type Translated<T> = { [K in keyof T]: T[K] extends string ? string : Plural };
