/** What can be done with a message; appears beside it. */
import { ActionIcon, Menu, Popover } from "@mantine/core";
import type { MessageView } from "@otklik/client";
import { toast } from "@otklik/ui";
import {
  IconArrowBackUp,
  IconCopy,
  IconDots,
  IconMoodPlus,
  IconPencil,
  IconTrash,
} from "@tabler/icons-react";
import { type ComponentProps, useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { t } from "../../../shell/words.ts";
import { deleteMessage, react } from "../api.ts";
import { showMessage } from "../changes.ts";
import type { Group } from "../timeline.ts";
import css from "./bubble-actions.module.css";
import { useThread } from "./thread-context.tsx";

const REACTIONS = ["👍", "❤", "🔥", "😁", "🙏", "👏"];

export function BubbleActions({ message, side }: { message: MessageView; side: Group["side"] }) {
  const { limitsOf, setReplyTo } = useThread();
  const features = new Set(limitsOf(message.inbox_id)?.features ?? []);
  const canReact = side === "in" && features.has("reaction");
  const ours = message.author_kind === "operator";
  return (
    <div className={css.actions} data-side={side}>
      {canReact ? <ReactButton message={message} /> : null}
      {side !== "note" && features.has("reply") ? (
        <ActionIcon size={28} aria-label={t("message.reply")} onClick={() => setReplyTo(message)}>
          <IconArrowBackUp size={16} stroke={1.8} />
        </ActionIcon>
      ) : null}
      <MoreMenu
        message={message}
        canReact={canReact}
        canReply={side !== "note" && features.has("reply")}
        canEdit={ours && (message.kind === "note" || (features.has("edit") && message.text !== ""))}
        canDelete={ours && (message.kind === "note" || features.has("delete"))}
      />
    </div>
  );
}

function ReactButton({ message }: { message: MessageView }) {
  const [opened, setOpened] = useState<boolean>();
  const toggle = () => setOpened((open) => !open);
  if (opened === undefined) return <Smile onClick={toggle} />;
  return (
    <Popover opened={opened} onChange={setOpened} position="top">
      <Popover.Target>
        <Smile autoFocus onClick={toggle} />
      </Popover.Target>
      <Popover.Dropdown p={4}>
        <Reactions message={message} onGiven={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Smile(props: ComponentProps<typeof ActionIcon<"button">>) {
  return (
    <ActionIcon size={28} aria-label={t("message.react")} {...props}>
      <IconMoodPlus size={16} stroke={1.8} />
    </ActionIcon>
  );
}

function Reactions({ message, onGiven }: { message: MessageView; onGiven: () => void }) {
  const mine = message.reactions.find((one) => one.author_kind === "operator")?.emoji;
  const give = async (emoji: string) => {
    onGiven();
    try {
      showMessage(await react(message.id, emoji === mine ? "" : emoji));
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <div className={css.reactions}>
      {REACTIONS.map((emoji) => (
        <button
          key={emoji}
          type="button"
          className={css.reaction}
          aria-pressed={emoji === mine}
          onClick={() => void give(emoji)}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}

interface MoreProps {
  message: MessageView;
  canReact: boolean;
  canReply: boolean;
  canEdit: boolean;
  canDelete: boolean;
}

function MoreMenu(props: MoreProps) {
  const { message, canReact, canReply, canDelete } = props;
  const [opened, setOpened] = useState<boolean>();
  if (!(message.text || canReact || canReply || canDelete)) return null;
  // A menu for each message of a long timeline costs more than the messages: made when asked for.
  if (opened === undefined) return <MoreButton onClick={() => setOpened(true)} />;
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end">
      <Menu.Target>
        <MoreButton autoFocus />
      </Menu.Target>
      <MoreDeeds {...props} onDone={() => setOpened(false)} />
    </Menu>
  );
}

function MoreButton(props: ComponentProps<typeof ActionIcon<"button">>) {
  return (
    <ActionIcon size={28} aria-label={t("message.more")} {...props}>
      <IconDots size={16} stroke={1.8} />
    </ActionIcon>
  );
}

interface DeedsProps extends MoreProps {
  onDone: () => void;
}

function MoreDeeds({ message, canReact, canReply, canEdit, canDelete, onDone }: DeedsProps) {
  const { setEditing, setReplyTo } = useThread();
  const copy = async () => {
    await navigator.clipboard.writeText(message.text);
    toast({ text: t("action.copied") });
  };
  const remove = async () => {
    try {
      showMessage(await deleteMessage(message.id));
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <Menu.Dropdown>
      {/* On a phone only this menu has room beside the bubble. */}
      {canReact ? <Reactions message={message} onGiven={onDone} /> : null}
      {canReply ? (
        <Menu.Item leftSection={<IconArrowBackUp size={16} />} onClick={() => setReplyTo(message)}>
          {t("message.reply")}
        </Menu.Item>
      ) : null}
      {message.text ? (
        <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => void copy()}>
          {t("message.copy")}
        </Menu.Item>
      ) : null}
      {canEdit ? (
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setEditing(message)}>
          {t("action.edit")}
        </Menu.Item>
      ) : null}
      {canDelete ? (
        <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => void remove()}>
          {t(message.kind === "note" ? "message.deleteNote" : "message.delete")}
        </Menu.Item>
      ) : null}
    </Menu.Dropdown>
  );
}
