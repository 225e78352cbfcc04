/** What the palette lists. */
import type { SearchResult } from "@otklik/client";
import { Face } from "@otklik/ui";
import { IconListSearch } from "@tabler/icons-react";
import type { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { nameOf } from "../../shell/naming.ts";
import { t, type WordKey } from "../../shell/words.ts";
import { Snippet } from "./snippet.tsx";

export interface Entry {
  key: string;
  group: WordKey;
  icon: ReactNode;
  title: ReactNode;
  keys: string[];
  run: () => void;
}

/** Contacts and messages as entries, and the way to all of them. */
export function foundEntries(
  found: SearchResult | undefined,
  words: string,
  navigate: ReturnType<typeof useNavigate>,
): Entry[] {
  if (!found) return [];
  const open = (conversationId: string, at?: number) =>
    void navigate({
      to: "/conversations/$conversationId",
      params: { conversationId },
      search: at === undefined ? {} : { at },
    });
  const contacts = found.contacts.flatMap((one): Entry[] => {
    const id = one.conversation_id;
    if (id === null) return [];
    return [
      {
        key: one.id,
        group: "palette.contacts",
        icon: (
          <Face name={nameOf(one.name, one.id)} seed={one.id} channel={one.channel} size={28} />
        ),
        title: nameOf(one.name, one.id),
        keys: [],
        run: () => open(id),
      },
    ];
  });
  const messages = found.messages.map(
    ({ message, conversation_id, contact_name, snippet }): Entry => ({
      key: message.id,
      group: "palette.messages",
      icon: (
        <Face
          name={nameOf(contact_name, message.contact_id)}
          seed={message.contact_id}
          channel={message.channel}
          size={28}
        />
      ),
      title: <Snippet text={snippet || message.text} words={words} />,
      keys: [],
      run: () => open(conversation_id, message.seq),
    }),
  );
  if (contacts.length + messages.length === 0) return [];
  const all: Entry = {
    key: "all",
    group: "palette.messages",
    icon: <IconListSearch size={20} stroke={1.6} />,
    title: t("palette.allResults"),
    keys: [],
    run: () => void navigate({ to: "/search", search: { q: words } }),
  };
  return [...contacts, ...messages, all];
}
