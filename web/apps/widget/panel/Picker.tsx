import { Component } from "preact";
import { useAround } from "./around";
import sheet from "./picker.css?inline";
import { STICKERS } from "./stickers";
import { wear } from "./wear";

wear(sheet);

const EMOJI =
  "😀 😄 😂 🙂 😉 😊 😍 😘 🤗 🤔 😐 😌 😏 😢 😭 😡 😱 😴 🤯 🥳 😎 🙈 👍 👎 👌 🙏 👏 💪 🤝 👋 ✌️ 🔥 ❤️ 💔 ⭐ 🎉 🎁 🌷 ☕ 🍵 🍰 🍫 🚀 🚚 📦 📍 💳 ✅ ❌ ❓ ❗".split(
    " ",
  );

export interface PickerProps {
  emoji(sign: string): void;
  sticker(file: File): void;
  close(): unknown;
}

/** A small own set of emoji and stickers, loaded when first asked for. */
export class Picker extends Component<PickerProps, { stickers: boolean }> {
  override state = { stickers: false };

  choose = async (name: string, url: string): Promise<void> => {
    const blob = await (await fetch(url)).blob();
    this.props.sticker(new File([blob], `${name}.webp`, { type: "image/webp" }));
  };

  keys = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.props.close();
  };

  tab(stickers: boolean, label: string) {
    return (
      <button
        type="button"
        aria-pressed={stickers === this.state.stickers}
        onClick={() => this.setState({ stickers })}
      >
        {label}
      </button>
    );
  }

  render() {
    const { words } = useAround();
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
      <div class="picker" role="group" aria-label={words.emoji} onKeyDown={this.keys}>
        <div class="tabs">
          {this.tab(false, words.emojiTab)}
          {this.tab(true, words.stickerTab)}
        </div>
        {this.state.stickers ? (
          <div class="signs stickers">
            {STICKERS.map(({ name, label, url }) => (
              <button
                type="button"
                key={name}
                aria-label={`${words.sticker} ${label}`}
                onClick={() => void this.choose(name, url)}
              >
                <img src={url} alt="" />
              </button>
            ))}
          </div>
        ) : (
          <div class="signs">
            {EMOJI.map((sign) => (
              <button type="button" key={sign} onClick={() => this.props.emoji(sign)}>
                {sign}
              </button>
            ))}
          </div>
        )}
      </div>
    );
  }
}
