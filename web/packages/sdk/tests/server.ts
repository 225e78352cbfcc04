/** A real installation, started for the tests, and an operator inside. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const ROOT = resolve(import.meta.dirname, "../../../..");

interface Told {
  url: string;
  key: string;
  api_key: string;
  secret: string;
}

export class Installation {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    readonly told: Told,
  ) {}

  static async start(): Promise<Installation> {
    const python = resolve(ROOT, ".venv/bin/python");
    const child = spawn(python, ["-m", "tests.visitors.serving"], {
      cwd: ROOT,
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (!child.stdout) throw new Error("the installation says nothing");
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) throw new Error("the installation did not start: run `make test` first");
    return new Installation(child, lines, JSON.parse(first.value) as Told);
  }

  /** Take the server away, or bring it back over the same store. */
  async order(word: "stop" | "start"): Promise<void> {
    this.child.stdin?.write(`${word}\n`);
    await this.lines.next();
  }

  async end(): Promise<void> {
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.stdin?.end();
    await ended;
  }

  /** What the business's server would sign. */
  proof(sub: string, lifeS = 600, more: object = {}): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub, iat: now - 3000, exp: now + lifeS, ...more };
    const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
    return `${text}.${createHmac("sha256", this.told.secret).update(text).digest("base64url")}`;
  }

  async api<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.told.url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.told.api_key}`,
        "Content-Type": "application/json",
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** The most recent conversation. */
  async conversation(): Promise<{ id: string; contact_name: string; channel: string }> {
    const { items } = await this.api<{
      items: { id: string; contact_name: string; channel: string }[];
    }>("GET", "/conversations?sort=recent");
    const [row] = items;
    if (!row) throw new Error("nobody has written yet");
    return row;
  }

  async answer(text: string, more: object = {}): Promise<{ id: string }> {
    const { id } = await this.conversation();
    return this.api("POST", `/conversations/${id}/messages`, {
      client_id: `${Date.now()}-${Math.random()}`,
      text,
      ...more,
    });
  }

  async texts(): Promise<string[]> {
    const { id } = await this.conversation();
    const page = await this.api<{ items: { text: string; kind: string }[] }>(
      "GET",
      `/conversations/${id}/messages`,
    );
    return page.items.filter((one) => one.kind !== "system").map((one) => one.text);
  }
}
