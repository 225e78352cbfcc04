/** The operator's own last message that can still be changed. */
import type { MessageView } from "@otklik/client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMe } from "../../../../shell/session.ts";
import { messagesQuery } from "../../api.ts";
import { useThread } from "../thread-context.tsx";

export function useLastOwn(conversationId: string): MessageView | undefined {
  const me = useMe();
  const { limitsOf } = useThread();
  const { data } = useInfiniteQuery(messagesQuery(conversationId));
  const mine = data?.pages[0]?.items.findLast(
    (one) => one.author_id === me.operator.id && one.kind !== "system",
  );
  if (!mine || mine.deleted_at !== null || mine.text === "") return undefined;
  const may = mine.kind === "note" || limitsOf(mine.inbox_id)?.features.includes("edit");
  return may ? mine : undefined;
}
