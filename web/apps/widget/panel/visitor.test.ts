import { beforeEach, expect, it } from "vitest";
import type { Api } from "./api";
import { visitorOf } from "./visitor";

const NAME = "otklik:test";
let asked: [string, string][];

/** A server that answers a stranger with a token of theirs, and a proof with a session. */
const api = {
  async session(token: string, identity: string) {
    asked.push([token, identity]);
    return { token: identity ? "s1.session" : token || "v1.fresh" };
  },
} as unknown as Api;

function proof(sub: string): string {
  return `head.${btoa(JSON.stringify({ sub }))}.sign`;
}

beforeEach(() => {
  localStorage.clear();
  asked = [];
});

it("brings what the browser was known by when the person signs in, once", async () => {
  localStorage.setItem(NAME, "v1.stranger");
  const visitor = visitorOf(NAME, api);
  visitor.identify(proof("501"));
  await visitor.enter();
  await visitor.enter();
  expect(asked).toEqual([
    ["v1.stranger", proof("501")],
    ["s1.session", ""],
  ]);
});

it("leaves nothing in the browser for whoever comes next", async () => {
  localStorage.setItem(NAME, "v1.stranger");
  const visitor = visitorOf(NAME, api);
  visitor.identify(proof("501"));
  await visitor.enter();
  expect(localStorage.getItem(NAME)).toBeNull();
  const second = visitorOf(NAME, api);
  second.identify(proof("502"));
  await second.enter();
  expect(asked.at(-1)).toEqual(["", proof("502")]);
});

it("gives one person's browser to nobody else who signs in after them", async () => {
  localStorage.setItem(NAME, "v1.stranger");
  const visitor = visitorOf(NAME, api);
  visitor.identify(proof("501"));
  await visitor.enter();
  visitor.identify(proof("502"));
  await visitor.enter();
  expect(asked.at(-1)).toEqual(["", proof("502")]);
});
