/** Messages of one voice that hang together, with one line of time and ticks below. */
import type { MessageView } from "@otklik/client";
import { ChannelMark } from "@otklik/ui";
import { IconLock, IconRobot } from "@tabler/icons-react";
import { memo } from "react";
import { channelTitle } from "../../../shell/naming.ts";
import { moment } from "../../../shell/time.ts";
import { t } from "../../../shell/words.ts";
import type { Group } from "../timeline.ts";
import { Bubble } from "./bubble.tsx";
import css from "./group.module.css";
import { Ticks } from "./ticks.tsx";
import { Trouble } from "./trouble.tsx";

export const GroupView = memo(function GroupView({ group }: { group: Group }) {
  const last = group.items.at(-1)?.messages.at(-1);
  return (
    <div className={css.group} data-side={group.side}>
      <Heading group={group} />
      {group.items.map((item) => (
        <div key={item.key} className={css.item}>
          <Bubble messages={item.messages} side={group.side} />
          <Trouble messages={item.messages} />
        </div>
      ))}
      {last ? <Foot message={last} side={group.side} /> : null}
    </div>
  );
});

function Heading({ group }: { group: Group }) {
  const channel = group.showChannel ? (
    <span className={css.channel}>
      <ChannelMark channel={group.channel} size={14} />
      {channelTitle(group.channel)}
    </span>
  ) : null;
  if (group.side === "in") return channel ? <div className={css.heading}>{channel}</div> : null;
  return (
    <div className={css.heading}>
      {group.side === "note" ? <IconLock size={13} /> : null}
      {group.side === "bot" ? <IconRobot size={14} stroke={1.7} /> : null}
      <span>
        {group.side === "note" ? t("thread.noteBy", { name: group.author }) : authorLine(group)}
      </span>
      {channel}
    </div>
  );
}

/** Who speaks for us; an answer given in the platform's own app says so. */
function authorLine(group: Group): string {
  if (!group.inApp) return group.author || t(group.side === "bot" ? "thread.bot" : "thread.us");
  const channel = channelTitle(group.channel);
  // Some platforms tell a number in place of a name.
  if (/^\d*$/.test(group.author)) return t("thread.fromAppNoName", { channel });
  return `${group.author} · ${t("thread.fromApp", { channel })}`;
}

function Foot({ message, side }: { message: MessageView; side: Group["side"] }) {
  return (
    <div className={css.foot}>
      {message.edited_at !== null && message.deleted_at === null ? (
        <span title={moment(message.edited_at, "full")}>{t("message.edited")}</span>
      ) : null}
      <time title={moment(message.sent_at, "full")}>{moment(message.sent_at, "clock")}</time>
      {side === "out" || side === "bot" ? <Ticks state={message.state} /> : null}
    </div>
  );
}
