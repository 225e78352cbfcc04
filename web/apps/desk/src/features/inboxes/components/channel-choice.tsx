/** Which channel to connect: each with its mark, those of the operator's country first. */
import type { ChannelView } from "@otklik/client";
import { ChannelMark } from "@otklik/ui";
import { Link } from "@tanstack/react-router";
import { channelTitle } from "../../../shell/naming.ts";
import { isWord, t } from "../../../shell/words.ts";
import { inOrder } from "../model.ts";
import css from "./inbox.module.css";

export function ChannelChoice({ channels }: { channels: readonly ChannelView[] }) {
  return (
    <ul className={css.choice}>
      {inOrder(channels).map(({ id }) => (
        <li key={id}>
          <Link
            to="/settings/inboxes/new"
            search={{ channel: id }}
            className={css.channel ?? ""}
            aria-label={channelTitle(id)}
          >
            <ChannelMark channel={id} size={32} />
            <span>
              <b>{channelTitle(id)}</b>
              <span className={css.fine}>{about(id)}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function about(channel: string): string {
  const key = `connect.about.${channel}`;
  return isWord(key) ? t(key) : "";
}
