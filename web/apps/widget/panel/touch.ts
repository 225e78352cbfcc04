/** Where the visitor came from, said with their first message: page, campaign marks, device. */
import type { Visit } from "../loader/bridge";
import type { Touch } from "./wire";

export function touchOf({ page, landing }: Visit, agent = navigator.userAgent): Touch {
  const touch: Touch = {
    url: page.url.slice(0, 2000),
    title: page.title.slice(0, 300),
    referrer: (landing.referrer || page.referrer).slice(0, 2000),
    device: deviceOf(agent),
  };
  for (const address of [landing.url, page.url]) {
    if (!URL.canParse(address)) continue;
    for (const [name, value] of new URL(address).searchParams) {
      if (isMark(name) && value) touch[name] = value.slice(0, 200);
    }
  }
  return touch;
}

function isMark(name: string): name is `utm_${string}` {
  return /^utm_(source|medium|campaign|term|content)$/.test(name);
}

/** «phone · Android · Chrome»: enough for a report, too little to follow a person. */
export function deviceOf(agent: string): string {
  const size = /ipad|tablet/i.test(agent)
    ? "tablet"
    : /mobi|android/i.test(agent)
      ? "phone"
      : "desktop";
  const system = firstOf(agent, [
    [/iphone|ipad/i, "iOS"],
    [/android/i, "Android"],
    [/windows/i, "Windows"],
    [/mac os/i, "macOS"],
    [/linux/i, "Linux"],
  ]);
  const browser = firstOf(agent, [
    [/yabrowser/i, "Yandex"],
    [/edg\//i, "Edge"],
    [/opr\//i, "Opera"],
    [/firefox/i, "Firefox"],
    [/chrome|crios/i, "Chrome"],
    [/safari/i, "Safari"],
  ]);
  return [size, system, browser].filter(Boolean).join(" · ");
}

function firstOf(agent: string, table: [RegExp, string][]): string {
  return table.find(([pattern]) => pattern.test(agent))?.[1] ?? "";
}
