import { describe, expect, it } from "vitest";
import { outcomeOf, refusalOf } from "./api";

const refusal = (status: number, body = "", retryAfter: string | null = null) =>
  outcomeOf(refusalOf(status, body, retryAfter));

describe("an answer to a message", () => {
  it("waits when the network, the server or a limit says so", () => {
    expect(outcomeOf(new TypeError("Failed to fetch")).kind).toBe("later");
    for (const status of [401, 429, 500, 502, 503]) expect(refusal(status).kind).toBe("later");
  });

  it("waits as long as it is told", () => {
    expect(refusal(429, "", "7")).toEqual({ kind: "later", after_ms: 7000 });
    expect(refusal(503, "<html>", "soon")).toEqual({ kind: "later", after_ms: 4000 });
  });

  it("tells the person what the server will never take, in its own words", () => {
    const body = JSON.stringify({ code: "too_large", detail: "Файл больше 20 МБ." });
    expect(refusal(413, body)).toEqual({ kind: "refused", sentence: "Файл больше 20 МБ." });
    expect(refusal(422, "<html>")).toEqual({ kind: "refused", sentence: "" });
  });
});
