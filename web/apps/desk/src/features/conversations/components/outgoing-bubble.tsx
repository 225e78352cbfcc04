/** A message that has not reached the server yet. */
import { IconClock, IconPaperclip } from "@tabler/icons-react";
import { t } from "../../../shell/words.ts";
import { type Outgoing, outbox } from "../outbox.ts";
import { RichText } from "../rich-text.tsx";
import bubble from "./bubble.module.css";
import group from "./group.module.css";
import trouble from "./trouble.module.css";

export function OutgoingBubble({ item }: { item: Outgoing }) {
  const { client_id: id, text = "", entities = [] } = item.body;
  return (
    <div className={group.group} data-side={item.note ? "note" : "out"}>
      <div className={group.item}>
        <div className={bubble.bubble} data-side={item.note ? "note" : "out"} data-waiting="">
          {item.files.map((name) => (
            <span key={name} className={bubble.pending}>
              <IconPaperclip size={14} /> {name}
            </span>
          ))}
          {text ? <RichText text={text} entities={entities} /> : null}
        </div>
        {item.refused ? (
          <div className={trouble.trouble}>
            <span>{item.refused}</span>
            <span className={trouble.actions}>
              <button type="button" onClick={() => outbox.again(id)}>
                {t("trouble.again")}
              </button>
              <button type="button" onClick={() => outbox.discard(id)}>
                {t("trouble.discard")}
              </button>
            </span>
          </div>
        ) : null}
      </div>
      {item.refused ? null : (
        <div className={group.foot}>
          <IconClock size={14} aria-label={t("state.queued")} />
        </div>
      )}
    </div>
  );
}
