/** Русский каталог. */
import { channels } from "./ru/channels.ts";
import { connecting } from "./ru/connecting.ts";
import { conversations } from "./ru/conversations.ts";
import { settings } from "./ru/settings.ts";
import { shell } from "./ru/shell.ts";

export const ru = { ...shell, ...conversations, ...channels, ...connecting, ...settings };
