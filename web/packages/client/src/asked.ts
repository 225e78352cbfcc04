/** What each address takes and gives, derived from the generated description. */
import type { paths } from "./schema.gen.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The addresses that answer to a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<Lowercase<M>, { responses: unknown }> ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends keyof paths> = paths[P][Lowercase<M> & keyof paths[P]];

type Json<T> = T extends { content: { "application/json": infer B } } ? B : undefined;

/** The body of the good answer. */
export type Answer<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { responses: infer R } ? Json<R[Extract<keyof R, 200 | 201>]> : never;

type Loose<T> = { [K in keyof T]?: T[K] | null | undefined };

type PathPart<O> = O extends { parameters: { path: infer T } } ? { path: T } : { path?: never };
type QueryPart<O> = O extends { parameters: { query?: infer T } }
  ? { query?: Loose<T> }
  : { query?: never };
type BodyPart<O> = O extends { requestBody: { content: { "application/json": infer T } } }
  ? { body: T }
  : { body?: never };
type Parts<O> = PathPart<O> & QueryPart<O> & BodyPart<O> & { signal?: AbortSignal };

/** What must be said with a request; nothing when nothing is needed. */
export type Asked<M extends Method, P extends keyof paths> =
  Record<never, never> extends Parts<Operation<M, P>>
    ? [asked?: Parts<Operation<M, P>>]
    : [asked: Parts<Operation<M, P>>];
