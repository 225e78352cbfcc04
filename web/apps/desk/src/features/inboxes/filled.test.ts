import type { GuideField } from "@otklik/client";
import { expect, it } from "vitest";
import { sampleInbox } from "../../shell/samples.ts";
import { filledFrom } from "./filled.ts";

const FIELDS: GuideField[] = [
  { name: "waba_id", en: "Account", ru: "Аккаунт" },
  { name: "token", en: "Token", ru: "Токен", secret: true },
  { name: "api_base", en: "API", ru: "API", required: false },
];

it("puts each value where its field belongs, and leaves out what is empty", () => {
  const values = { waba_id: " 12 ", token: " secret ", api_base: "", stranger: "x" };
  expect(filledFrom({ fields: FIELDS, values, title: " Shop ", inbox: undefined })).toEqual({
    title: "Shop",
    settings: { waba_id: "12" },
    secrets: { token: "secret" },
  });
});

it("sends of an inbox only what changed; an empty secret stays as it is", () => {
  const inbox = { ...sampleInbox(), settings: { waba_id: "12", api_base: "https://proxy" } };
  const values = { waba_id: "12", api_base: "", token: "" };
  expect(filledFrom({ fields: FIELDS, values, title: "Shop", inbox })).toEqual({
    title: "Shop",
    settings: { api_base: "" },
    secrets: {},
  });
});
