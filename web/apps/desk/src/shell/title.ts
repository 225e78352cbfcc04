/** The number of waiting messages in the browser's tab. */
import type { QueueRow } from "@otklik/client";
import { useEffect, useRef } from "react";
import { live } from "./live.ts";
import { t } from "./words.ts";

/** Count conversations that got something new while the tab was hidden; looking clears it. */
export function useTitle(): void {
  const fresh = useRef(new Set<string>());
  useEffect(() => {
    const show = () => {
      const count = fresh.current.size;
      document.title = count > 0 ? `(${count}) ${t("app.name")}` : t("app.name");
    };
    const look = () => {
      if (document.visibilityState === "visible") fresh.current.clear();
      show();
    };
    const hear = live.onEvents((events) => {
      if (document.visibilityState === "visible") return;
      for (const event of events) {
        if (event.kind === "conversation.changed") note(fresh.current, event.body);
      }
      show();
    });
    show();
    document.addEventListener("visibilitychange", look);
    return () => {
      hear();
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
}

/** Keep a conversation while it has something unread. */
export function note(fresh: Set<string>, row: QueueRow): void {
  if (row.unread > 0) fresh.add(row.id);
  else fresh.delete(row.id);
}
