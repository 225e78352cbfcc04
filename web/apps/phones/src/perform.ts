// Acts of the person who holds a telephone, and what the telephone says about them.

import { useEffect, useRef, useState } from "preact/hooks";
import { act } from "./sandbox";
import type { Chat, Spot } from "./wire";
import { words } from "./words";

const NOTICE_MS = 4000;

export type Do = (
  name: string,
  fields?: Record<string, unknown>,
  upload?: globalThis.File,
) => Promise<boolean>;

/** Let the person act; a refusal becomes a notice. */
export function usePerform(spot: Spot, say: (text: string) => void): Do {
  return async (name, fields, upload) => {
    try {
      await act(spot, name, fields, upload);
      return true;
    } catch (problem) {
      say(`${words.failed}: ${problem instanceof Error ? problem.message : problem}`);
      return false;
    }
  };
}

/** What the business answered to a press, and what did not work; each goes by itself. */
export function useNotice(chat: Chat | undefined): [string, (text: string) => void] {
  const [notice, setNotice] = useState("");
  const seen = useRef(-1);
  const count = chat?.notices.length ?? 0;
  const last = chat?.notices.at(-1)?.text;
  useEffect(() => {
    if (!chat) return;
    if (seen.current >= 0 && count > seen.current && last) setNotice(last);
    seen.current = count;
  }, [chat, count, last]);
  useEffect(() => {
    if (!notice) return undefined;
    const timer = window.setTimeout(() => setNotice(""), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return [notice, setNotice];
}
