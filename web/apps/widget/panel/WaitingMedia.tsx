import { Component } from "preact";
import { useAround, useChat } from "./around";
import { Icon } from "./icons";
import type { Waiting, WaitingFile } from "./outbox";
import { sizeOf } from "./strings";

/** Files on their way: pictures as they are, the rest by name, with how much has gone. */
export function WaitingMedia({ item }: { item: Waiting }) {
  const { progress, accepted } = useChat();
  const share = accepted.has(item.client_id) ? 1 : (progress.get(item.client_id) ?? 0);
  if (!item.files.length) return null;
  const pictures = item.files.filter((file) => file.mime.startsWith("image/") && file.blob);
  const rest = item.files.filter((file) => !pictures.includes(file));
  return (
    <>
      {pictures.length > 0 && (
        <div class={`album n${Math.min(pictures.length, 4)}`}>
          {pictures.map((file) => (
            <Local key={file.name} file={file} sticker={item.send.kind === "sticker"} />
          ))}
        </div>
      )}
      {rest.map((file) => (
        <Named key={file.name} file={file} />
      ))}
      {share < 1 && item.send.kind !== "sticker" && <progress value={share} max={1} />}
    </>
  );
}

class Local extends Component<{ file: WaitingFile; sticker: boolean }> {
  url = this.props.file.blob ? URL.createObjectURL(this.props.file.blob) : "";

  override componentWillUnmount(): void {
    URL.revokeObjectURL(this.url);
  }

  render() {
    const { file, sticker } = this.props;
    return <img class={sticker ? "sticker" : ""} src={this.url} alt={file.name} />;
  }
}

function Named({ file }: { file: WaitingFile }) {
  const { words } = useAround();
  return (
    <span class="file">
      <span class="round">
        <Icon name="file" />
      </span>
      <span>
        <b>{file.name}</b>
        <small>{sizeOf(file.size, words)}</small>
      </span>
    </span>
  );
}
