/** The socket: connected while the page lives, resumed by sequence number, quiet about failures. */
import type { Change, FromServer } from "./wire";

const PING_MS = 25_000;
const SILENCE_MS = 10_000;
const LONGEST_MS = 30_000;

export interface Hooks {
  /** Give the address with a fresh ticket and the number to resume from. */
  address(): Promise<{ url: string; since: number }>;
  changed(changes: Change[], seq: number): void;
  typing(name: string): void;
  resync(): void;
  online(online: boolean): void;
}

export interface Live {
  tell(frame: object): boolean;
  /** Try now: the network or the page came back. */
  nudge(): void;
  stop(): void;
}

/** The pause before the next attempt: doubling, half of it by chance, so that crowds spread out. */
export function pauseAfter(failures: number, chance: number): number {
  const whole = Math.min(LONGEST_MS, 1000 * 2 ** failures);
  return whole / 2 + (whole / 2) * chance;
}

export function connect(hooks: Hooks): Live {
  let socket: WebSocket | null = null;
  let failures = 0;
  let stopped = false;
  let busy = false;
  let retry = 0;
  let ping = 0;
  let silence = 0;

  async function open(): Promise<void> {
    if (stopped || busy || socket) return;
    busy = true;
    clearTimeout(retry);
    try {
      const { url, since } = await hooks.address();
      if (stopped) return;
      socket = listen(new WebSocket(url), since);
    } catch {
      later(); // no session now: the network or the server is away
    } finally {
      busy = false;
    }
  }

  function listen(fresh: WebSocket, since: number): WebSocket {
    fresh.onopen = () => {
      failures = 0;
      fresh.send(JSON.stringify({ kind: "follow", since }));
      hooks.online(true);
      ping = setInterval(beat, PING_MS) as unknown as number;
    };
    fresh.onmessage = (event) => {
      clearTimeout(silence);
      hear(JSON.parse(String(event.data)) as FromServer);
    };
    fresh.onclose = () => lost(fresh);
    return fresh;
  }

  function hear(frame: FromServer): void {
    if (frame.kind === "events") hooks.changed(frame.events, frame.seq);
    else if (frame.kind === "typing") hooks.typing(frame.name);
    else if (frame.kind === "resync") hooks.resync();
  }

  function beat(): void {
    tell({ kind: "ping" });
    const watched = socket;
    silence = setTimeout(() => {
      watched?.close();
      if (watched) lost(watched);
    }, SILENCE_MS) as unknown as number;
  }

  function lost(gone: WebSocket): void {
    if (socket !== gone) return;
    socket = null;
    clearInterval(ping);
    clearTimeout(silence);
    if (stopped) return;
    hooks.online(false);
    later();
  }

  function later(): void {
    clearTimeout(retry);
    retry = setTimeout(open, pauseAfter(failures, Math.random())) as unknown as number;
    failures += 1;
  }

  function tell(frame: object): boolean {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  void open();
  return {
    tell,
    nudge() {
      failures = 0;
      void open();
    },
    stop() {
      stopped = true;
      clearTimeout(retry);
      clearInterval(ping);
      clearTimeout(silence);
      socket?.close();
      socket = null;
    },
  };
}
