import type { TemplateView } from "@otklik/client";
import { expect, it } from "vitest";
import { templateText } from "./template-text.ts";

const TEMPLATE: TemplateView = {
  name: "order_ready",
  language: "ru",
  status: "APPROVED",
  category: "UTILITY",
  reason: "",
  title: "Заказ {{1}}",
  body: "{{1}}, заказ ждёт до {{day}}.",
  footer: "Чайная лавка",
  header: "",
  buttons: [],
  variables: [{ slot: "header.1" }, { slot: "body.1" }, { slot: "body.day" }],
  quality: "",
  sendable: true,
  updated_at: 0,
};

it("reads as it will be read", () => {
  expect(templateText(TEMPLATE, ["№ 7", "Вера", "пятницы"])).toBe(
    "Заказ № 7\n\nВера, заказ ждёт до пятницы.\n\nЧайная лавка",
  );
});

it("shows the gaps that are not filled yet", () => {
  expect(templateText(TEMPLATE, ["№ 7", " "])).toContain("{{1}}, заказ ждёт до {{day}}.");
});
