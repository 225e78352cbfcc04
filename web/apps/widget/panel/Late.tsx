import { useAround } from "./around";
import type { Bubble } from "./timeline";

let extras: typeof import("./Extras") | undefined;
let asked = false;

/** The code that draws more than plain words: it comes when first needed, then all is redrawn. */
export function lateParts(): typeof extras {
  if (!asked) {
    asked = true;
    import("./Extras").then(
      (loaded) => {
        extras = loaded;
        useAround().chat.set({});
      },
      () => {
        asked = false; // no network now: the next drawing asks again
      },
    );
  }
  return extras;
}

export function Late({ bubble, part }: { bubble: Bubble; part: "Above" | "Below" }) {
  const { messages, waiting } = bubble;
  const rich =
    waiting?.files.length ||
    waiting?.refused ||
    waiting?.send.reply_to_id ||
    messages.some((m) => m.attachments.length || m.location || m.buttons.length || m.reply_to_id);
  const Part = rich && lateParts()?.[part];
  return Part ? <Part bubble={bubble} /> : null;
}
