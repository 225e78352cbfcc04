/** Who the person is to the server: an anonymous secret of this browser, or the site's word. */
import { type Api, Refused } from "./api";
import { read, write } from "./keep";
import { alone } from "./outbox";
import type { Session } from "./wire";

export interface Visitor {
  token(): string;
  known(): boolean;
  signed(): boolean;
  enter(): Promise<Session>;
  /** Take the site's proof; tells whether this is another person than before. */
  identify(jwt: string): boolean;
  /** Forget what this tab holds; `everywhere` also what the browser keeps. */
  forget(everywhere: boolean): void;
}

export function visitorOf(name: string, api: Api): Visitor {
  let token = read(name);
  let subject = "";
  let proof = "";
  let stranger = "";

  async function ask(): Promise<Session> {
    if (!subject) token = read(name) || token;
    // With the stranger's token the server finds what they wrote here before signing in.
    const session = await api.session(proof ? read(name) || stranger : token, proof);
    // Who comes to this browser after them is a stranger of their own.
    if (proof) write(name, "");
    stranger = "";
    token = session.token;
    proof = ""; // from now on the session's own token speaks; the proof may expire
    if (!subject) write(name, token);
    return session;
  }

  return {
    token: () => token,
    known: () => Boolean(token || proof),
    signed: () => subject !== "",
    async enter() {
      try {
        // Two tabs that start at once must end up with one visitor.
        return await alone(`${name}:session`, ask);
      } catch (error) {
        if (error instanceof Refused && error.status === 401) {
          token = "";
          if (!subject) write(name, "");
        }
        throw error;
      }
    },
    identify(jwt) {
      const next = subjectOf(jwt);
      const another = next !== subject;
      if (another && !subject) stranger = token;
      subject = next;
      proof = jwt;
      if (another) token = "";
      return another;
    },
    forget(everywhere) {
      token = subject = proof = stranger = "";
      if (everywhere) write(name, "");
    },
  };
}

/** The subject of a proof, not verified: only to notice that the person changed. */
function subjectOf(jwt: string): string {
  try {
    const body = atob((jwt.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/"));
    return String((JSON.parse(body) as { sub?: unknown }).sub ?? "?");
  } catch {
    return "?"; // not a token: the server will say so
  }
}
