/** What every component has at hand: the chat, the words, the language. One panel per page. */
import type { Chat } from "./chat";
import type { Words } from "./strings";

export interface Around {
  chat: Chat;
  words: Words;
  locale: string;
}

let around: Around | undefined;

export function surround(value: Around): void {
  around = value;
}

export function useAround(): Around {
  if (!around) throw new Error("a component was drawn before the panel began");
  return around;
}

/** The state at this moment; a change of it draws everything anew. */
export const useChat = () => useAround().chat.get();
