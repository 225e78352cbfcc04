/** Emoji people use in business letters, in a grid. */
import { t, type WordKey } from "../../../../shell/words.ts";
import css from "./pickers.module.css";

const GROUPS: { word: WordKey; emoji: string }[] = [
  {
    word: "emoji.faces",
    emoji:
      "😀 😃 😄 😁 😆 😅 😂 🙂 😉 😊 😇 🥰 😍 😘 😋 😛 🤗 🤭 🤔 🤨 😐 😏 🙄 😌 😔 😴 🤒 🥳 😎 🤓 🧐 😕 😟 🙁 😮 😲 🥺 😢 😭 😤 😡 🤯 😱 😬",
  },
  {
    word: "emoji.hands",
    emoji: "👍 👎 👌 🤝 👏 🙌 🙏 👋 ✌️ 🤞 🤟 💪 👀 👇 👆 👉 👈 ✍️ 🫶 🤷",
  },
  {
    word: "emoji.hearts",
    emoji: "❤️ 🧡 💛 💚 💙 💜 🤍 🖤 💔 💯 🔥 ✨ ⭐ 🎉 🎁 🎂 🌹 🌸 🍀 ☀️ 🌙 ❄️ 🐶 🐱",
  },
  {
    word: "emoji.things",
    emoji:
      "✅ ❌ ❗ ❓ ⚠️ ⏰ ⏳ 📅 📞 📱 💬 ✉️ 📎 📦 🚚 🛒 🏷️ 💳 💰 🧾 📍 🏠 🚗 ✈️ ☕ 🍕 🔑 🔒 🔎 💡 📷 🎧",
  },
];

export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  return (
    <div className={css.scroll}>
      {GROUPS.map(({ word, emoji }) => (
        <section key={word}>
          <h3 className={css.title}>{t(word)}</h3>
          <div className={css.emoji}>
            {emoji.split(" ").map((one) => (
              <button key={one} type="button" onClick={() => onPick(one)}>
                {one}
              </button>
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
