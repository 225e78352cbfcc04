/** Who the person is: a token kept on the device, or the word of the business's server. */
import type { Keeper, Kept } from "./kept.ts";
import type { Session, SessionAsk } from "./protocol.gen.ts";
import { Refused, type Server } from "./server.ts";

/** A proof, or a way to get a fresh one from the business's server. */
export type Identity = string | (() => string | Promise<string>);

export interface Entry {
  token(): string;
  queue(): Kept["queue"];
  keep(queue: Kept["queue"]): void;
  load(): Promise<void>;
  /** Open a session; throws `Refused`. Tells whether it is another person's than before. */
  open(): Promise<{ session: Session; isAnother: boolean }>;
  identify(identity: Identity): void;
  forget(): void;
}

export function entry(
  server: Server,
  keeper: Keeper,
  locale: string,
  given: Identity | undefined,
  expired: (code: string) => void,
): Entry {
  let kept: Kept = { token: "", who: "", queue: [] };
  let identity = given;
  /** The proof is to be presented: at the start, after `identify`, when a session ran out. */
  let isDue = !!given;
  let turn = 0;

  const save = (): void => void keeper.write(kept);
  const isSigned = (): boolean => kept.token.startsWith("s1.");

  function asking(proof: string): SessionAsk {
    // An anonymous token beside the first proof brings along what was written with it.
    const ask: SessionAsk = { locale };
    if (kept.token && !(proof && isSigned())) ask.token = kept.token;
    if (proof) ask.identity = proof;
    return ask;
  }

  async function presented(): Promise<string> {
    const proof =
      isDue && identity ? await (identity instanceof Function ? identity() : identity) : "";
    // Whose session ran out is not let in as a stranger.
    if (kept.who && !kept.token && !proof) throw new Refused(401, "identity_expired", "", 0);
    return proof;
  }

  /** Tell whether another person was here before, of whom nothing is kept then. */
  function makeRoom(proof: string): boolean {
    if (!(proof && kept.who) || kept.who === subjectOf(proof)) return false;
    kept = { token: "", who: "", queue: [] };
    return true;
  }

  async function enter(proof: string): Promise<Session> {
    try {
      return await server.session(asking(proof));
    } catch (error) {
      if (!(error instanceof Refused && error.status === 401)) throw error;
      return refused(error, proof);
    }
  }

  /** What was presented does not hold. */
  function refused(error: Refused, proof: string): Promise<Session> {
    // An old proof of whom the kept token still speaks for: the token is enough.
    if (proof && isSigned() && kept.who === subjectOf(proof))
      return server.session({ locale, token: kept.token });
    if (!proof && !isSigned()) {
      kept.token = "";
      return server.session({ locale });
    }
    isDue = true;
    kept.token = "";
    expired(error.code);
    throw error;
  }

  return {
    token: () => kept.token,
    queue: () => kept.queue,
    keep(queue) {
      kept.queue = queue;
      save();
    },
    async load() {
      kept = await keeper.read();
    },
    async open() {
      const mine = turn;
      const proof = await presented();
      const isNext = makeRoom(proof);
      const former = kept.token;
      const session = await enter(proof);
      if (mine !== turn) throw new Refused(0, "changed", "", 0); // somebody else came meanwhile
      const isStranger = !proof && former !== "" && former !== session.token;
      kept = { ...kept, token: session.token, who: proof ? subjectOf(proof) : kept.who };
      isDue = false;
      save();
      return { session, isAnother: isNext || isStranger };
    },
    identify(fresh) {
      turn += 1;
      identity = fresh;
      isDue = true;
    },
    forget() {
      turn += 1;
      identity = undefined;
      isDue = false;
      kept = { token: "", who: "", queue: [] };
      void keeper.clear();
    },
  };
}

/** Read whom a proof names; whether it is genuine is for the server to say. */
export function subjectOf(proof: string): string {
  const body = (proof.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
  try {
    return String((JSON.parse(atob(body)) as { sub?: unknown }).sub ?? "");
  } catch {
    return ""; // no proof at all: the server will say so
  }
}
