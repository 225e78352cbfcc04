/** One way to speak to the server: cookies, CSRF, problem+json and a readable failure. */
import type { Answer, Asked, Method, PathOf } from "./asked.ts";
import type { Problem } from "./types.ts";

/** The server answered, and refused. `detail` is a sentence in the reader's language. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;

  constructor(problem: Pick<Problem, "status" | "code" | "detail" | "field">) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.field = problem.field;
  }
}

/** The server could not be reached at all. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

type Values = Record<string, unknown>;

interface Said {
  path?: Values;
  query?: Values;
  body?: unknown;
  signal?: AbortSignal;
}

interface Wiring {
  locale: () => string;
  csrf: () => string | undefined;
  signedOut: () => void;
}

let wiring: Wiring = { locale: () => "ru", csrf: () => undefined, signedOut: () => undefined };

/** Tell the client where locale and CSRF token live, and whom to call when the session ended. */
export function wire(parts: Wiring): void {
  wiring = parts;
}

/** Headers every request carries; unsafe ones get the CSRF token. */
export function headersFor(method: Method): Record<string, string> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "Accept-Language": wiring.locale(),
  };
  const token = wiring.csrf();
  if (method !== "GET" && token !== undefined) headers["X-CSRF-Token"] = token;
  return headers;
}

/** Build an address: names in braces are filled from `path`, empty query values are left out. */
export function address(template: string, path: Values = {}, query: Values = {}): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(path[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  return search.size === 0 ? filled : `${filled}?${search}`;
}

/** Ask the server; resolves with the decoded body, rejects with `Refused` or `Unreachable`. */
export function ask<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  ...asked: Asked<M, P>
): Promise<Answer<M, P>> {
  // The types above are the contract; below here a request is just a request.
  return request(method, path, asked[0] as Said | undefined) as Promise<Answer<M, P>>;
}

async function request(method: Method, path: string, said: Said = {}): Promise<unknown> {
  const headers = headersFor(method);
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (said.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(said.body);
  }
  if (said.signal) init.signal = said.signal;
  const answer = await reach(address(path, said.path, said.query), init);
  if (!answer.ok) throw refusal(answer.status, await answer.text());
  return answer.status === 204 ? undefined : await answer.json();
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(url, { cause: error });
  }
}

/** Read a refusal; a body that is no problem+json (a proxy's page) still gives one. */
export function refusal(status: number, body: string): Refused | Unreachable {
  const problem = readProblem(body);
  if (status === 401 && problem?.code !== "wrong_credentials") wiring.signedOut();
  if (problem) return new Refused({ ...problem, status });
  // A gateway without a server behind it is the same to a person as no network.
  if (status >= 502 && status <= 504) return new Unreachable(`HTTP ${status}`);
  return new Refused({ status, code: "unknown", detail: `HTTP ${status}` });
}

function readProblem(body: string): Problem | undefined {
  try {
    const read: unknown = JSON.parse(body);
    if (typeof read === "object" && read !== null && "code" in read && "detail" in read) {
      return read as Problem;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return undefined;
}
