/** The English catalogue; its keys are the keys of every other. */
import { channels } from "./en/channels.ts";
import { connecting } from "./en/connecting.ts";
import { conversations } from "./en/conversations.ts";
import { settings } from "./en/settings.ts";
import { shell } from "./en/shell.ts";

export const en = { ...shell, ...conversations, ...channels, ...connecting, ...settings } as const;
