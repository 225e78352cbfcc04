import { beforeEach, expect, it } from "vitest";
import { prefer } from "../../shell/preferences.ts";
import { money } from "./money.ts";

beforeEach(() => prefer("locale", "ru"));

it.each([
  ["1250", "RUB", "1 250 ₽"],
  ["99.9", "RUB", "99,90 ₽"],
  ["по запросу", "RUB", "по запросу RUB"],
  ["12", "", "12"],
  ["", "RUB", ""],
])("%s %s", (amount, currency, expected) => {
  expect(money(amount, currency).replace(/\s/g, " ")).toBe(expected);
});
