/** Below the field: what can be added, how much room is left, and the send button. */
import { ActionIcon, Button, Popover, Tooltip } from "@mantine/core";
import { Bones } from "@otklik/ui";
import { IconMoodSmile, IconPaperclip, IconSend2, IconSticker } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { usePreference } from "../../../../shell/preferences.ts";
import { t } from "../../../../shell/words.ts";
import type { Room } from "../../limits.ts";
import { useThread } from "../thread-context.tsx";
import css from "./composer.module.css";

const EmojiPicker = lazy(() => import("./emoji-picker.tsx"));
const StickerPicker = lazy(() => import("./sticker-picker.tsx"));

/** A channel without stickers takes them as pictures. */
const STICKY = ["sticker", "picture"];

interface Props {
  /** Kinds the channel of the answer takes. */
  adds: readonly string[];
  note: boolean;
  room: Room;
  /** How many messages the answer becomes. */
  parts: number;
  canSend: boolean;
  onSend: () => void;
  onFiles: (files: File[]) => void;
  onEmoji: (emoji: string) => void;
  onSticker: (messageId: string) => void;
}

export function Tools(props: Props) {
  const { adds, note, room, parts, canSend, onSend, onFiles, onEmoji, onSticker } = props;
  const { editing } = useThread();
  const sendKey = usePreference("sendKey");
  return (
    <div className={css.tools}>
      {adds.includes("file") && !editing ? <AttachButton onFiles={onFiles} /> : null}
      <Picker label={t("composer.emoji")} icon={<IconMoodSmile size={20} stroke={1.6} />}>
        {() => <EmojiPicker onPick={onEmoji} />}
      </Picker>
      {!STICKY.some((kind) => adds.includes(kind)) || editing ? null : (
        <Picker label={t("composer.stickers")} icon={<IconSticker size={20} stroke={1.6} />}>
          {(close) => (
            <StickerPicker
              asPicture={!adds.includes("sticker")}
              onPick={(id) => {
                close();
                onSticker(id);
              }}
            />
          )}
        </Picker>
      )}
      <span className={css.spacer} />
      <RoomLeft room={room} parts={parts} editing={editing !== undefined} />
      <Tooltip label={sendKey === "enter" ? "Enter" : "Ctrl Enter"}>
        <Button
          size="xs"
          color={note ? "gray" : "teal"}
          disabled={!canSend}
          rightSection={<IconSend2 size={16} />}
          onClick={onSend}
        >
          {t(editing ? "action.save" : note ? "composer.addNote" : "composer.send")}
        </Button>
      </Tooltip>
    </div>
  );
}

/** How much more the channel takes in one message, or how many the answer becomes. */
function RoomLeft({ room, parts, editing }: { room: Room; parts: number; editing: boolean }) {
  if (!room.tight) return null;
  if (room.over && !editing) {
    return parts > 1 ? <span className={css.room}>{t("fit.parts", { n: parts })}</span> : null;
  }
  return (
    <span className={css.room} data-over={room.over} role={room.over ? "alert" : undefined}>
      {t(`fit.left.${room.unit}`, { n: room.left })}
    </span>
  );
}

function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Tooltip label={t("composer.attach")}>
        <ActionIcon aria-label={t("composer.attach")} onClick={() => input.current?.click()}>
          <IconPaperclip size={20} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

interface PickerProps {
  label: string;
  icon: ReactNode;
  children: (close: () => void) => ReactNode;
}

function Picker({ label, icon, children }: PickerProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="top-start" width={320} trapFocus>
      <Popover.Target>
        <Tooltip label={label}>
          <ActionIcon aria-label={label} onClick={() => setOpened((open) => !open)}>
            {icon}
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <Suspense fallback={<Bones rows={4} />}>
          {opened ? children(() => setOpened(false)) : null}
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
