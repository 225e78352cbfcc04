/** The message this one answers, in one line; a click goes there. */
import type { MessageView } from "@otklik/client";
import { useQueryClient } from "@tanstack/react-query";
import type { MouseEvent } from "react";
import type { MessageCache } from "../../../shell/cache.ts";
import { keys } from "../../../shell/keys.ts";
import { t } from "../../../shell/words.ts";
import { authorOf, quoteText } from "../model.ts";
import css from "./quote.module.css";
import { useThread } from "./thread-context.tsx";
import { shine } from "./use-jump.ts";

export function Quote({ id, near }: { id: string; near: MessageView }) {
  const client = useQueryClient();
  const { view } = useThread();
  const cache = client.getQueryData<MessageCache>(keys.messages(view.row.id));
  const quoted = cache?.pages.flatMap((page) => page.items).find((one) => one.id === id);
  const go = (event: MouseEvent<HTMLElement>) => {
    const root = event.currentTarget.closest("section");
    shine(root, quoted?.id ?? near.id);
  };
  return (
    <button type="button" className={css.quote} onClick={go} disabled={!quoted}>
      <b>{quoted ? authorOf(quoted) : t("message.quoted")}</b>
      <span>{quoted ? quoteText(quoted) : t("message.quotedFar")}</span>
    </button>
  );
}
