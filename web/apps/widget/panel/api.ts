/** The HTTP half of the visitor protocol. */
import type { Outcome } from "./outbox";
import type { Message, Problem, Send, Session, Settings } from "./wire";

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly sentence: string,
    readonly retryAfterMs: number,
  ) {
    super(sentence);
  }
}

export interface Api {
  settings(): Promise<Settings>;
  session(token: string, identity: string): Promise<Session>;
  earlier(
    token: string,
    before: number,
    limit: number,
  ): Promise<{ messages: Message[]; more: boolean }>;
  post(token: string, send: Send): Promise<Outcome>;
  /** The address of a signed link, or of the socket. */
  base: string;
  locale: string;
  at(path: string): string;
  socket(ticket: string): string;
}

export const LATER_MS = 4000;

export function apiAt(base: string, root: string, locale: string): Api {
  async function ask<T>(path: string, init: RequestInit = {}, token = ""): Promise<T> {
    const headers: Record<string, string> = { "Accept-Language": locale };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (init.body) headers["Content-Type"] = "application/json";
    const answer = await fetch(`${base}${path}`, { ...init, headers, credentials: "omit" });
    if (!answer.ok)
      throw refusalOf(answer.status, await answer.text(), answer.headers.get("Retry-After"));
    return (await answer.json()) as T;
  }

  return {
    base,
    locale,
    settings: () => ask("/settings"),
    session: (token, identity) =>
      ask("/session", {
        method: "POST",
        body: JSON.stringify({ locale, ...(token && { token }), ...(identity && { identity }) }),
      }),
    earlier: (token, before, limit) => ask(`/messages?before=${before}&limit=${limit}`, {}, token),
    async post(token, send) {
      try {
        await ask("/messages", { method: "POST", body: JSON.stringify(send) }, token);
        return { kind: "accepted" };
      } catch (error) {
        return outcomeOf(error);
      }
    },
    at: (path) => (path.startsWith("/") ? root + path : path),
    socket: (ticket) => `${base.replace(/^http/, "ws")}/live?ticket=${encodeURIComponent(ticket)}`,
  };
}

/** What the server will not take is told to the person; everything else waits and is tried again. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof Refused)) return { kind: "later", after_ms: LATER_MS };
  const { status, sentence, retryAfterMs } = error;
  if (status === 401 || status === 429 || status >= 500)
    return { kind: "later", after_ms: retryAfterMs || LATER_MS };
  return { kind: "refused", sentence };
}

export function refusalOf(status: number, body: string, retryAfter: string | null): Refused {
  let problem: Partial<Problem> = {};
  try {
    problem = JSON.parse(body) as Partial<Problem>;
  } catch {
    problem = {}; // a proxy's own page: the status says enough
  }
  return new Refused(status, `${problem.detail ?? ""}`, (Number(retryAfter) || 0) * 1000);
}
