import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connect, type Hooks, pauseAfter } from "./live";

/** The browser's socket, played by hand: what matters here is when it is opened and with what. */
class PlayedSocket {
  static readonly OPEN = 1;
  static all: PlayedSocket[] = [];
  readyState = 0;
  sent: { kind: string; since?: number }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  constructor(readonly url: string) {
    PlayedSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }
  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  says(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

const last = (): PlayedSocket => {
  const socket = PlayedSocket.all.at(-1);
  if (!socket) throw new Error("no socket was opened");
  return socket;
};

function hooks(over: Partial<Hooks> = {}): Hooks & { seq: number } {
  const made: Hooks & { seq: number } = {
    seq: 0,
    address: async () => ({ url: "ws://tea.example/live", since: made.seq }),
    changed: (_changes, seq) => {
      made.seq = seq;
    },
    typing: vi.fn(),
    resync: vi.fn(),
    online: vi.fn(),
    ...over,
  };
  return made;
}

const soon = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  PlayedSocket.all = [];
  vi.stubGlobal("WebSocket", PlayedSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the socket", () => {
  it("resumes from the last number seen after it was lost", async () => {
    const told = hooks();
    connect(told);
    await soon();
    last().opens();
    last().says({ kind: "events", seq: 41, events: [] });
    last().close();
    await vi.advanceTimersByTimeAsync(2000);
    expect(PlayedSocket.all).toHaveLength(2);
    last().opens();
    expect(last().sent).toEqual([{ kind: "follow", since: 41 }]);
  });

  it("is given up when nothing answers a ping, and opened again", async () => {
    const told = hooks();
    connect(told);
    await soon();
    last().opens();
    await vi.advanceTimersByTimeAsync(25_000 + 10_000 + 2_000);
    expect(told.online).toHaveBeenCalledWith(false);
    expect(PlayedSocket.all).toHaveLength(2);
  });

  it("stays when the ping is answered", async () => {
    connect(hooks());
    await soon();
    last().opens();
    await vi.advanceTimersByTimeAsync(25_000);
    last().says({ kind: "pong" });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(PlayedSocket.all).toHaveLength(1);
  });

  it("tries at once when the network is back, without a second socket", async () => {
    let network = false;
    const live = connect(
      hooks({
        address: async () => {
          if (!network) throw new TypeError("no network");
          return { url: "ws://tea.example/live", since: 0 };
        },
      }),
    );
    await vi.advanceTimersByTimeAsync(60_000);
    expect(PlayedSocket.all).toHaveLength(0);
    network = true;
    live.nudge();
    live.nudge();
    await soon();
    expect(PlayedSocket.all).toHaveLength(1);
  });

  it("says nothing more after it was stopped", async () => {
    const told = hooks();
    const live = connect(told);
    await soon();
    last().opens();
    live.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(PlayedSocket.all).toHaveLength(1);
    expect(told.online).not.toHaveBeenCalledWith(false);
  });
});

describe("the pause before the next attempt", () => {
  it("doubles up to half a minute and is at least half by chance", () => {
    expect([0, 1, 2, 9].map((failures) => pauseAfter(failures, 1))).toEqual([
      1000, 2000, 4000, 30_000,
    ]);
    expect(pauseAfter(0, 0)).toBe(500);
    expect(pauseAfter(9, 0)).toBe(15_000);
  });
});
