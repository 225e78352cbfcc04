import { type ChannelView, Refused } from "@otklik/client";
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { prefer } from "../../../shell/preferences.ts";
import { barriers, draw } from "../../../shell/testing.tsx";
import type { Filled } from "../filled.ts";
import { Credentials } from "./credentials.tsx";

const CHANNEL = {
  id: "vk",
  transport: "http",
  guide: {
    field: [
      { name: "token", secret: true, en: "Key", ru: "Ключ", hint_ru: "Начинается с vk1.a." },
      { name: "screen_name", required: false, en: "Name", ru: "Адрес", advanced: true },
    ],
  },
} as unknown as ChannelView;

beforeEach(() => prefer("locale", "ru"));
afterEach(cleanup);

function opened(onSubmit: (filled: Filled) => Promise<void>) {
  return draw(<Credentials channel={CHANNEL} submit="Проверить" onSubmit={onSubmit} />);
}

const refusing = (field: string) => () =>
  Promise.reject(new Refused({ status: 422, code: "invalid", detail: "Не подходит.", field }));

it("hides a secret and folds what is seldom needed", async () => {
  const { container } = await opened(() => Promise.resolve());
  expect(screen.getByLabelText("Ключ").getAttribute("type")).toBe("password");
  expect(screen.queryByLabelText(/Адрес/)).toBeNull();
  fireEvent.click(screen.getByText("Другие настройки…"));
  expect(screen.getAllByLabelText(/^Адрес/)).toHaveLength(2);
  expect(await barriers(container)).toEqual([]);
});

it("says at the field why the platform does not take it", async () => {
  await opened(refusing("secrets.token"));
  fireEvent.click(screen.getByRole("button", { name: "Проверить" }));
  await waitFor(() => expect(screen.getByText("Не подходит.")).toBeTruthy());
  const field = screen.getByLabelText("Ключ").closest(".mantine-InputWrapper-root");
  expect(field?.textContent).toContain("Не подходит.");
});

it("unfolds what was refused", async () => {
  await opened(refusing("settings.api_base"));
  fireEvent.click(screen.getByRole("button", { name: "Проверить" }));
  await waitFor(() => expect(screen.getByText("Не подходит.")).toBeTruthy());
  expect(screen.getByLabelText(/^Адрес API/).getAttribute("aria-invalid")).toBe("true");
});
