import { afterEach, describe, expect, it } from "vitest";
import { isToPanel } from "../loader/bridge";

const page = { url: "https://tea.example/", title: "Чай", referrer: "" };

afterEach(() => {
  Reflect.deleteProperty(Object.prototype, "jwt");
});

describe("what the panel hears from the page around it", () => {
  it.each([
    { otklik: 1, kind: "hello", visit: { page, landing: page }, locale: "ru", theme: "" },
    { otklik: 1, kind: "shown", open: true, phone: false },
    { otklik: 1, kind: "identify", jwt: "a.b.c" },
    { otklik: 1, kind: "reset" },
    { otklik: 1, kind: "page", page },
  ])("is one of five messages ($kind)", (message) => expect(isToPanel(message)).toBe(true));

  it.each([
    null,
    "reset",
    [],
    {},
    { kind: "reset" },
    { otklik: 2, kind: "reset" },
    { otklik: 1, kind: "reset", more: 1 },
    { otklik: 1, kind: "identify" },
    { otklik: 1, kind: "identify", jwt: 5 },
    { otklik: 1, kind: "page", page: { ...page, title: 1 } },
    { otklik: 1, kind: "page", page: { ...page, extra: "" } },
    { otklik: 1, kind: "toString" },
    { otklik: 1, kind: "__proto__" },
    { otklik: 1, kind: "hello", visit: { page }, locale: "", theme: "" },
  ])("is nothing else (%j)", (message) => expect(isToPanel(message)).toBe(false));

  it("is not completed by a polluted prototype", () => {
    Object.defineProperty(Object.prototype, "jwt", { value: "evil", configurable: true });
    expect(isToPanel({ otklik: 1, kind: "identify" })).toBe(false);
  });
});
