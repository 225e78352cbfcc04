import { act, cleanup, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { holdKeysFor } from "./held-keys.ts";
import { useCommand } from "./keymap.ts";

const resolved = vi.fn();

function Desk({ children }: { children: ReactNode }) {
  useCommand("labels", () => holdKeysFor("labels"));
  useCommand("resolve", resolved);
  return children;
}

const press = (key: string, code = "", init: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent("keydown", {
    key,
    code,
    bubbles: true,
    cancelable: true,
    ...init,
  });
  act(() => void document.body.dispatchEvent(event));
  return event.defaultPrevented;
};

const focus = async (role: string) => {
  await act(async () => {
    screen.getByRole(role).focus();
    await vi.advanceTimersByTimeAsync(0);
  });
};

beforeEach(() => {
  vi.useFakeTimers();
  resolved.mockClear();
});

afterEach(() => {
  vi.advanceTimersByTime(5000);
  vi.useRealTimers();
  cleanup();
});

it("gives what was pressed too early to what was opened, in order", async () => {
  const heard: string[] = [];
  const { rerender } = render(<Desk>{null}</Desk>);
  press("е", "KeyT");
  for (const key of ["е", "П", "у", "Backspace", "ё", "ArrowDown"]) press(key, "KeyE");
  rerender(
    <Desk>
      <button type="button" data-opened-by="labels" onKeyDown={({ key }) => heard.push(key)} />
    </Desk>,
  );
  expect(heard).toEqual([]);
  await focus("button");
  expect(heard).toEqual(["е", "П", "ё", "ArrowDown"]);
});

it("lets the letters be shortcuts again when nothing takes the focus", () => {
  render(<Desk>{null}</Desk>);
  press("t", "KeyT");
  press("e", "KeyE");
  expect(resolved).not.toHaveBeenCalled();
  vi.advanceTimersByTime(3000);
  press("e", "KeyE");
  expect(resolved).toHaveBeenCalledOnce();
});

it("ends the wait when the operator clicks somewhere", () => {
  render(<Desk>{null}</Desk>);
  press("t", "KeyT");
  window.dispatchEvent(new Event("pointerdown"));
  press("e", "KeyE");
  expect(resolved).toHaveBeenCalledOnce();
});

it("leaves Tab and keys with Ctrl to the browser", () => {
  render(<Desk>{null}</Desk>);
  press("t", "KeyT");
  expect(press("Tab")).toBe(false);
  expect(press("c", "KeyC", { ctrlKey: true })).toBe(false);
  expect(press("c", "KeyC")).toBe(true);
});

it("presses a button for an early Enter", async () => {
  const chosen = vi.fn();
  render(
    <Desk>
      <div data-opened-by="labels">
        <button type="button" onClick={chosen} />
      </div>
    </Desk>,
  );
  press("t", "KeyT");
  press("Enter");
  expect(chosen).not.toHaveBeenCalled();
  await focus("button");
  expect(chosen).toHaveBeenCalledOnce();
});
