// Orders to the sandbox over its control API.

import { actOf, chatOf, type TelegramChat } from "./telegram";
import type { AccountCard, Chat, Person, Phones, PlatformCard, Sample, Spot } from "./wire";

export async function ask<T>(method: string, path: string, body?: object | FormData): Promise<T> {
  const form = body instanceof FormData;
  const answer = await fetch(path, {
    method,
    ...(body ? { body: form ? body : JSON.stringify(body) } : {}),
    ...(body && !form ? { headers: { "Content-Type": "application/json" } } : {}),
  });
  const read = await answer.json();
  if (!answer.ok) throw new Error(read.detail ?? answer.statusText);
  return read as T;
}

type Place = Pick<Spot, "platform" | "account">;

const rootOf = ({ platform, account }: Place) =>
  platform === "telegram"
    ? `control/telegram/bots/${encodeURIComponent(account)}`
    : `control/${platform}/accounts/${encodeURIComponent(account)}`;

export const fileUrl = (place: Place, fileId: string) =>
  `${rootOf(place)}/files/${fileId.split("/").map(encodeURIComponent).join("/")}`;
export const sampleUrl = (name: string) => `control/samples/${name}`;
export const loadSamples = () => ask<Sample[]>("GET", "control/samples");
export const loadPlatforms = () => ask<PlatformCard[]>("GET", "control/platforms");
export const loadPhones = () => ask<Phones>("GET", "control/phones");
export const createPerson = (body: object) => ask<Person>("POST", "control/people", body);
export const setLively = (place: Place, on: boolean) =>
  ask("POST", `${rootOf(place)}/lively`, { on, pace: 1 });

export async function createAccount(platform: string): Promise<AccountCard> {
  if (platform !== "telegram") return ask("POST", `control/${platform}/accounts`, {});
  return ask("POST", "control/telegram/bots", {});
}

export async function loadChat(spot: Spot): Promise<Chat> {
  const path = `${rootOf(spot)}/people/${spot.person}/chat`;
  if (spot.platform !== "telegram") return ask<Chat>("GET", path);
  return chatOf(await ask<TelegramChat>("GET", path), spot.person);
}

/** Let the person do something; `upload` is a file from the disk. */
export function act(
  spot: Spot,
  name: string,
  fields: Record<string, unknown> = {},
  upload?: globalThis.File,
) {
  const [told, body] = spot.platform === "telegram" ? actOf(name, fields) : [name, fields];
  const path = `${rootOf(spot)}/people/${spot.person}/${told}`;
  if (!upload) return ask("POST", path, body);
  const form = new FormData();
  for (const [field, value] of Object.entries(body)) form.set(field, String(value));
  form.set("file", upload);
  return ask("POST", path, form);
}
