/** Русский каталог. */
import { conversations } from "./ru/conversations.ts";
import { settings } from "./ru/settings.ts";
import { shell } from "./ru/shell.ts";

export const ru = { ...shell, ...conversations, ...settings };
