/** The HTTP half of the visitor protocol. */
import type { Look, Page, Session, SessionAsk, Uploaded, VisitorSend } from "./protocol.gen.ts";

/** The server's no, in words for people; `status` 0 is no answer at all. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly sentence: string,
    readonly retryAfterMs: number,
  ) {
    super(sentence || code);
  }

  /** It may be taken when tried again. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export interface Server {
  origin: string;
  settings(): Promise<Look>;
  session(ask: SessionAsk): Promise<Session>;
  earlier(token: string, before: number, limit: number): Promise<Page>;
  post(token: string, send: VisitorSend): Promise<unknown>;
  upload(token: string, form: FormData): Promise<Uploaded>;
  socket(ticket: string): string;
}

export function serverAt(url: string, key: string, locale: string): Server {
  const origin = url.replace(/\/+$/, "");
  const base = `${origin}/app/v1/${encodeURIComponent(key)}`;

  async function ask<T>(path: string, token = "", body?: object): Promise<T> {
    const headers: Record<string, string> = {};
    if (locale) headers["Accept-Language"] = locale;
    if (token) headers.Authorization = `Bearer ${token}`;
    const init: RequestInit = { headers, credentials: "omit", method: body ? "POST" : "GET" };
    if (body instanceof FormData) init.body = body;
    else if (body) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(body);
    }
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(base + path, init);
      text = await answer.text();
    } catch (error) {
      throw new Refused(0, "no_answer", String(error), 0);
    }
    if (!answer.ok) throw refusal(answer.status, text, answer.headers.get("Retry-After"));
    return JSON.parse(text) as T;
  }

  return {
    origin,
    settings: () => ask("/settings"),
    session: (body) => ask("/session", "", body),
    earlier: (token, before, limit) => ask(`/messages?before=${before}&limit=${limit}`, token),
    post: (token, send) => ask("/messages", token, send),
    upload: (token, form) => ask("/files", token, form),
    socket: (ticket) => `${base.replace(/^http/, "ws")}/live?ticket=${encodeURIComponent(ticket)}`,
  };
}

function refusal(status: number, text: string, retryAfter: string | null): Refused {
  let problem: { code?: string; detail?: string } = {};
  try {
    problem = JSON.parse(text) as typeof problem;
  } catch {
    problem = {}; // a proxy's own page: the status says enough
  }
  const wait = (Number(retryAfter) || 0) * 1000;
  return new Refused(status, problem.code ?? "", problem.detail ?? "", wait);
}
