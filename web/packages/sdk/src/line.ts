/** The socket: open while the app runs, resumed by number, tried again with growing pauses. */
import type { VisitorMessage } from "./protocol.gen.ts";

const PING_MS = 25_000;
const SILENCE_MS = 10_000;
const LONGEST_MS = 30_000;

export type Change =
  | { seq: number; kind: "message.created" | "message.changed"; message: VisitorMessage }
  | { seq: number; kind: "message.state"; message_id: string; state: string }
  | { seq: number; kind: "read"; operator_read_seq: number };

type Frame =
  | { kind: "events"; seq: number; events: Change[] }
  | { kind: "typing"; name: string }
  | { kind: "hello" | "resync" | "pong" | "accepted" | "refused" };

/** Any WebSocket that keeps to the browsers' interface. */
export type SocketMaker = new (url: string) => WebSocket;

export interface Hooks {
  /** Give the address with a fresh ticket and the number to follow from; throws when offline. */
  address(): Promise<{ url: string; since: number }>;
  changed(changes: Change[], seq: number): void;
  typing(name: string): void;
  /** Too far behind to be told what was missed. */
  resync(): void;
  online(online: boolean): void;
}

export interface Line {
  tell(frame: object): boolean;
  /** Try now: the network or the app is back. */
  nudge(): void;
  /** Close and come again with a new ticket. */
  renew(): void;
  stop(): void;
}

/** The pause before the next attempt: doubling, half of it by chance, so that crowds spread out. */
export function pauseAfter(failures: number, chance: number): number {
  const whole = Math.min(LONGEST_MS, 1000 * 2 ** failures);
  return whole / 2 + (whole / 2) * chance;
}

type Timer = ReturnType<typeof setTimeout> | undefined;

export function openLine(hooks: Hooks, Socket: SocketMaker): Line {
  let socket: WebSocket | null = null;
  let failures = 0;
  let stopped = false;
  let busy = false;
  let retry: Timer;
  let ping: Timer;
  let silence: Timer;

  async function open(): Promise<void> {
    if (stopped || busy || socket) return;
    busy = true;
    clearTimeout(retry);
    try {
      const { url, since } = await hooks.address();
      if (!stopped) socket = listen(new Socket(url), since);
    } catch {
      later(); // the network or the server is away: the next attempt tells
    } finally {
      busy = false;
    }
  }

  function listen(fresh: WebSocket, since: number): WebSocket {
    fresh.onopen = () => {
      failures = 0;
      fresh.send(JSON.stringify({ kind: "follow", since }));
      hooks.online(true);
      ping = setInterval(beat, PING_MS);
    };
    fresh.onmessage = (event) => {
      clearTimeout(silence);
      if (socket === fresh) hear(JSON.parse(String(event.data)) as Frame);
    };
    fresh.onerror = () => undefined; // `close` follows, and says enough
    fresh.onclose = () => lost(fresh);
    return fresh;
  }

  function hear(frame: Frame): void {
    if (frame.kind === "events") hooks.changed(frame.events, frame.seq);
    else if (frame.kind === "typing") hooks.typing(frame.name);
    else if (frame.kind === "resync") hooks.resync();
  }

  function beat(): void {
    const watched = socket;
    if (!(watched && tell({ kind: "ping" }))) return;
    silence = setTimeout(() => {
      watched.close();
      lost(watched);
    }, SILENCE_MS);
  }

  function drop(): void {
    const gone = socket;
    socket = null;
    clearInterval(ping);
    clearTimeout(silence);
    gone?.close();
  }

  function lost(gone: WebSocket): void {
    if (socket !== gone) return;
    drop();
    hooks.online(false);
    later();
  }

  function later(): void {
    clearTimeout(retry);
    if (stopped) return;
    retry = setTimeout(open, pauseAfter(failures, Math.random()));
    failures += 1;
  }

  function tell(frame: object): boolean {
    if (socket?.readyState !== 1) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  function nudge(): void {
    failures = 0;
    void open();
  }

  nudge();
  return {
    tell,
    nudge,
    renew() {
      drop();
      nudge();
    },
    stop() {
      stopped = true;
      clearTimeout(retry);
      drop();
    },
  };
}
