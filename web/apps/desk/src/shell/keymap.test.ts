import { describe, expect, it } from "vitest";
import { isWriting, KEYMAP, matches, type Shortcut } from "./keymap.ts";

const press = (init: KeyboardEventInit) => new KeyboardEvent("keydown", init);

describe("shortcuts", () => {
  it("answer to the physical key, whatever letter a Russian layout gives", () => {
    expect(matches(press({ code: "KeyJ", key: "о" }), KEYMAP.next)).toBe(true);
    expect(matches(press({ code: "Slash", key: "." }), KEYMAP.search)).toBe(true);
  });

  it("tell a plain key from one with Ctrl, Cmd, Shift or Alt", () => {
    expect(matches(press({ code: "KeyK", ctrlKey: true }), KEYMAP.previous)).toBe(false);
    expect(matches(press({ code: "KeyK", ctrlKey: true }), KEYMAP.palette)).toBe(true);
    expect(matches(press({ code: "KeyK", metaKey: true }), KEYMAP.palette)).toBe(true);
    expect(matches(press({ code: "Slash", shiftKey: true }), KEYMAP.search)).toBe(false);
    expect(matches(press({ code: "Slash", shiftKey: true }), KEYMAP.help)).toBe(true);
    expect(matches(press({ code: "KeyE", altKey: true }), KEYMAP.resolve)).toBe(false);
  });

  it("do not share a key", () => {
    const seen = Object.values(KEYMAP).map(
      (one: Shortcut) => `${one.mod ?? ""}${one.shift ?? ""}${one.code}`,
    );
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("stay silent where people write", () => {
    document.body.innerHTML =
      "<textarea></textarea><button></button><div role=dialog><b></b></div><ul role=menu></ul>";
    expect(isWriting(document.querySelector("textarea"))).toBe(true);
    expect(isWriting(document.querySelector("b"))).toBe(true);
    expect(isWriting(document.querySelector("ul"))).toBe(true);
    expect(isWriting(document.querySelector("button"))).toBe(false);
    expect(isWriting(null)).toBe(false);
  });
});
