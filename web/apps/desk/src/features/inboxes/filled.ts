/** From what stands in the fields of a guide to what the server is sent. */
import type { GuideField, InboxView } from "@otklik/client";

export interface Filled {
  title: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
}

/** Every platform may stand behind a proxy or a sandbox, whether or not its guide says so. */
export const API_BASE: GuideField = {
  name: "api_base",
  required: false,
  en: "API address",
  ru: "Адрес API",
  hint_en: "For a proxy of your own or a test sandbox.",
  hint_ru: "Для своего прокси или тестовой песочницы.",
};

interface Form {
  fields: readonly GuideField[];
  values: Record<string, string>;
  title: string;
  inbox: InboxView | undefined;
}

/** Only what changed is sent; a secret left empty stays as it is. */
export function filledFrom({ fields, values, title, inbox }: Form): Filled {
  const filled: Filled = { title: title.trim(), settings: {}, secrets: {} };
  for (const { name, secret } of fields) {
    const value = (values[name] ?? "").trim();
    if (secret && value !== "") filled.secrets[name] = value;
    if (!secret && value !== (inbox?.settings[name] ?? "")) filled.settings[name] = value;
  }
  return filled;
}
