/** Tells a screen reader about new messages of contacts. */
import { useEffect, useState } from "react";
import { live } from "./live.ts";
import { nameOf } from "./naming.ts";
import { t } from "./words.ts";

export function LiveRegion() {
  const [news, setNews] = useState("");
  useEffect(
    () =>
      live.onEvents((events) => {
        for (const event of events) {
          if (event.kind === "conversation.changed" && event.body.unread > 0) {
            const { contact_name, contact_id, preview: text } = event.body;
            setNews(t("live.message", { name: nameOf(contact_name, contact_id), text }));
          }
        }
      }),
    [],
  );
  return (
    <div className="visually-hidden" aria-live="polite" role="log">
      {news}
    </div>
  );
}
