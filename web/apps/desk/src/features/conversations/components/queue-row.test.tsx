import { act, cleanup, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { prefer } from "../../../shell/preferences.ts";
import { sampleRow } from "../../../shell/samples.ts";
import { barriers, draw } from "../../../shell/testing.tsx";
import { stopTyping, takeTyping } from "../../../shell/typing.ts";
import { keepDraft } from "../drafts.ts";
import { QueueRowLink } from "./queue-row.tsx";

const LABELS = new Map([["l1", { id: "l1", title: "Доставка", color: "blue" }]]);
const MINUTES = 60_000;

beforeEach(() => prefer("locale", "ru"));

afterEach(() => {
  cleanup();
  keepDraft("c1", { text: "", note: false });
  stopTyping("c1");
});

const show = (part = {}) =>
  draw(
    <QueueRowLink
      row={sampleRow({ last_message_at: Date.now(), ...part })}
      search={{}}
      labels={LABELS}
    />,
  );

it("says who waits, how long, and with what words", async () => {
  await show({ waiting_since: Date.now() - 7.5 * MINUTES, unread: 2, label_ids: ["l1"] });
  const row = await screen.findByRole("link");
  expect(row.textContent).toContain("Зоя");
  expect(row.textContent).toContain("Добрый вечер");
  expect(row.textContent).toContain("2 непрочитанных сообщения");
  expect(screen.getByText("7 мин").dataset.urgency).toBe("amber");
  expect(screen.getByText("Доставка")).toBeTruthy();
});

it("shows a draft instead of the last message", async () => {
  keepDraft("c1", { text: "Сейчас проверю", note: false });
  await show();
  const row = await screen.findByRole("link");
  expect(row.textContent).toContain("Черновик:Сейчас проверю");
  expect(row.textContent).not.toContain("Добрый вечер");
});

it("shows that the contact types, but not that a colleague does", async () => {
  await show();
  const row = await screen.findByRole("link");
  const frame = { kind: "typing", conversation_id: "c1", contact_id: "p1", name: "Зоя" } as const;
  act(() => takeTyping({ ...frame, operator_id: "op2" }));
  expect(row.textContent).toContain("Добрый вечер");
  act(() => takeTyping({ ...frame, text: "а когда" }));
  expect(row.textContent).toContain("печатает: а когда");
});

it("has no barriers", async () => {
  const { container } = await show({ unread: 1 });
  await screen.findByRole("link");
  expect(await barriers(container)).toEqual([]);
});
