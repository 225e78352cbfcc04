/** The English catalogue; its keys are the keys of every other. */
import { conversations } from "./en/conversations.ts";
import { settings } from "./en/settings.ts";
import { shell } from "./en/shell.ts";

export const en = { ...shell, ...conversations, ...settings } as const;
