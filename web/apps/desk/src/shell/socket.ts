/** The desk's one socket: ticket, follow set, resume by number, jittered back-off. */
import {
  CLOSE_SIGNED_OUT,
  type ClientFrame,
  type DeskEvent,
  type ServerFrame,
  type TypingFrame,
  type View,
} from "@otklik/wire";

export type Link = "connecting" | "live" | "lost";

export interface Wiring {
  /** A single-use ticket for the next connection. */
  ticket: () => Promise<string>;
  open: (ticket: string) => WebSocket;
  events: (events: DeskEvent[]) => void;
  typing: (frame: TypingFrame) => void;
  /** From here on these views are exact after `seq`: snapshots older than that have a hole. */
  followed: (views: View[], seq: number) => void;
  link: (link: Link) => void;
  signedOut: () => void;
  random?: () => number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
const PING_MS = 20_000;
const SILENCE_MS = 45_000;

export class DeskSocket {
  private socket: WebSocket | undefined;
  private wanted = new Set<View>();
  private told = new Set<View>();
  private seen = 0;
  private tries = 0;
  private heardAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setInterval> | undefined;
  private running = false;
  private ready = false;

  constructor(private readonly wiring: Wiring) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    addEventListener("online", this.hurry);
    addEventListener("offline", this.giveUp);
    void this.connect();
  }

  stop(): void {
    this.running = false;
    removeEventListener("online", this.hurry);
    removeEventListener("offline", this.giveUp);
    clearTimeout(this.timer);
    this.drop();
  }

  /** Replace the set of views whose events we want. */
  follow(views: Iterable<View>): void {
    this.wanted = new Set(views);
    if (this.ready && differ(this.wanted, this.told)) this.tellFollow();
  }

  /** Ask for the same views again: what they mean has changed. */
  followAnew(): void {
    if (this.ready) this.tellFollow();
  }

  typing(conversationId: string): void {
    this.send({ kind: "typing", conversation_id: conversationId });
  }

  /** Try now instead of waiting for the back-off. */
  readonly hurry = (): void => {
    if (!this.running || this.socket) return;
    clearTimeout(this.timer);
    void this.connect();
  };

  /** The network is gone: waiting for silence to tell would hide it for most of a minute. */
  private readonly giveUp = (): void => {
    this.drop();
    clearTimeout(this.timer);
    this.retry();
  };

  private async connect(): Promise<void> {
    this.wiring.link("connecting");
    let ticket: string;
    try {
      ticket = await this.wiring.ticket();
    } catch {
      // Whatever went wrong, the answer is the same: try again later.
      this.retry();
      return;
    }
    if (!this.running) return;
    const socket = this.wiring.open(ticket);
    this.socket = socket;
    this.heardAt = Date.now();
    socket.onmessage = (event: MessageEvent<string>) => {
      if (this.socket === socket) this.hear(JSON.parse(event.data) as ServerFrame);
    };
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      this.drop();
      if (event.code === CLOSE_SIGNED_OUT) this.wiring.signedOut();
      else this.retry();
    };
    this.pulse = setInterval(() => this.beat(), PING_MS);
  }

  private beat(): void {
    if (Date.now() - this.heardAt > SILENCE_MS) {
      // A dead network gives no close event for minutes.
      this.drop();
      this.retry();
    } else {
      this.send({ kind: "ping" });
    }
  }

  private drop(): void {
    clearInterval(this.pulse);
    const socket = this.socket;
    this.socket = undefined;
    this.ready = false;
    socket?.close();
  }

  private retry(): void {
    if (!this.running) return;
    this.wiring.link("lost");
    this.timer = setTimeout(() => void this.connect(), backOff(this.tries, this.wiring.random));
    this.tries += 1;
  }

  private hear(frame: ServerFrame): void {
    this.heardAt = Date.now();
    if (frame.kind === "hello") this.greet(frame.seq);
    else if (frame.kind === "events") this.take(frame.events, frame.seq);
    else if (frame.kind === "typing") this.wiring.typing(frame);
    else if (frame.kind === "resync") this.restart(frame.seq);
  }

  private greet(seq: number): void {
    if (this.seen === 0) this.seen = seq;
    this.tries = 0;
    this.ready = true;
    this.tellFollow();
    this.wiring.link("live");
  }

  private take(events: DeskEvent[], seq: number): void {
    // After a change of the follow set the server repeats what this set may have missed.
    this.wiring.events(events);
    if (seq > this.seen) this.seen = seq;
  }

  private restart(seq: number): void {
    this.seen = seq;
    this.wiring.followed([...this.told], seq);
  }

  private tellFollow(): void {
    const fresh = [...this.wanted].filter((view) => !this.told.has(view));
    this.told = new Set(this.wanted);
    this.send({ kind: "follow", views: [...this.wanted], since: this.seen });
    if (fresh.length > 0) this.wiring.followed(fresh, this.seen);
  }

  private send(frame: ClientFrame): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }
}

/** How long to wait before a try, in ms: full jitter, so that a restart is no stampede. */
export function backOff(tries: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
  return FIRST_WAIT_MS / 2 + random() * ceiling;
}

function differ(one: Set<View>, other: Set<View>): boolean {
  return one.size !== other.size || [...one].some((view) => !other.has(view));
}
