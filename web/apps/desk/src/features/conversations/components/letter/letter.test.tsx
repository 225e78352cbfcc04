import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { prefer } from "../../../../shell/preferences.ts";
import { sampleMessage } from "../../../../shell/samples.ts";
import { barriers, draw } from "../../../../shell/testing.tsx";
import { LetterHead } from "./letter-head.tsx";
import { LetterRest } from "./letter-rest.tsx";

const PAGE = {
  id: "at1",
  file_id: "f1",
  kind: "file",
  name: "letter.html",
  mime: "text/html",
  size: 10,
  width: 0,
  height: 0,
  duration_s: 0,
  format: "letter",
  state: "stored",
} as const;
const LETTER = sampleMessage({
  channel: "email",
  content: { subject: "Заказ", details: { cc: "Вера <vera@mail.example>", quoted: "> Берёте?" } },
  attachments: [PAGE],
});

beforeEach(() => prefer("locale", "ru"));
afterEach(cleanup);

it("shows the subject and who else reads it", async () => {
  await draw(<LetterHead message={LETTER} />);
  expect(await screen.findByText("Заказ")).toBeTruthy();
  expect(screen.getByText("Копии: Вера <vera@mail.example>")).toBeTruthy();
});

it("keeps the quotation behind a sign until it is asked for", async () => {
  await draw(<LetterRest message={LETTER} />);
  const sign = await screen.findByRole("button", { name: "Показать процитированное письмо" });
  expect(screen.queryByText("> Берёте?")).toBeNull();
  fireEvent.click(sign);
  expect(screen.getByText("> Берёте?")).toBeTruthy();
});

it("shows the page in a frame without scripts, and pictures only on request", async () => {
  await draw(<LetterRest message={LETTER} />);
  fireEvent.click(await screen.findByRole("button", { name: "Показать как в письме" }));
  const frame = await screen.findByTitle("Письмо, как его отправили");
  expect(frame.getAttribute("sandbox")).toBe("allow-popups allow-popups-to-escape-sandbox");
  expect(frame.getAttribute("src")).toBe("/api/v1/files/f1/letter");
  fireEvent.click(screen.getByRole("button", { name: "Загрузить картинки" }));
  const loaded = screen.getByTitle("Письмо, как его отправили");
  expect(loaded.getAttribute("src")).toBe("/api/v1/files/f1/letter?pictures=true");
});

it("is nothing at all for what is no letter, and has no barriers", async () => {
  const { container } = await draw(<LetterRest message={LETTER} />);
  await screen.findByRole("button", { name: "Показать как в письме" });
  expect(await barriers(container)).toEqual([]);
  cleanup();
  await draw(<LetterRest message={sampleMessage()} />);
  expect(screen.queryByRole("button")).toBeNull();
});
