/** Commands of the palette: every shortcut that makes sense here, run as if its key was pressed. */
import { IconCommand } from "@tabler/icons-react";
import { type Command, caps, KEYMAP, type Shortcut } from "../../shell/keymap.ts";
import { t } from "../../shell/words.ts";
import type { Entry } from "./entries.tsx";

const HIDDEN: Command[] = ["palette", "bold", "italic"];
const IN_THREAD = "keys.conversation";

/** Press a shortcut for the operator: whoever listens to the key answers to the command. */
function press(shortcut: Shortcut): void {
  requestAnimationFrame(() => {
    document.body.dispatchEvent(
      new KeyboardEvent("keydown", {
        code: shortcut.code,
        shiftKey: shortcut.shift ?? false,
        ctrlKey: shortcut.mod ?? false,
        bubbles: true,
        cancelable: true,
      }),
    );
  });
}

/** The commands whose names contain the words. */
export function useCommands(words: string): Entry[] {
  const wanted = words.trim().toLocaleLowerCase();
  const threadOpen = document.querySelector("[data-thread-open]") !== null;
  return (Object.keys(KEYMAP) as Command[])
    .filter((command) => !HIDDEN.includes(command))
    .filter((command) => threadOpen || KEYMAP[command].group !== IN_THREAD)
    .filter((command) => t(KEYMAP[command].word).toLocaleLowerCase().includes(wanted))
    .map((command) => ({
      key: command,
      group: "palette.commands",
      icon: <IconCommand size={18} stroke={1.6} />,
      title: t(KEYMAP[command].word),
      keys: caps(command),
      run: () => press(KEYMAP[command]),
    }));
}
