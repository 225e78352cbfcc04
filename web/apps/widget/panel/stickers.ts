/** The widget's own stickers, drawn for it (sources in ../stickers); fetched only when looked at. */
import hello from "./stickers/hello.webp";
import joy from "./stickers/joy.webp";
import love from "./stickers/love.webp";
import sad from "./stickers/sad.webp";
import thanks from "./stickers/thanks.webp";
import wait from "./stickers/wait.webp";

export const STICKERS = [
  { name: "hello", label: "👋", url: hello },
  { name: "thanks", label: "🙏", url: thanks },
  { name: "love", label: "😍", url: love },
  { name: "joy", label: "🥳", url: joy },
  { name: "wait", label: "⏳", url: wait },
  { name: "sad", label: "😢", url: sad },
] as const;
