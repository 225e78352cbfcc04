/** The media of a message, each in its own shape. */
import type { AttachmentView, MessageView } from "@otklik/client";
import { Album } from "./album.tsx";
import { AudioCard } from "./audio.tsx";
import { BasketView, ProductLine } from "./basket.tsx";
import { Cards } from "./cards.tsx";
import { CardView } from "./contact-card.tsx";
import { FileCard } from "./file.tsx";
import { LocationCard } from "./location.tsx";
import css from "./media.module.css";
import { Missing } from "./missing.tsx";
import { RoundVideo } from "./round-video.tsx";
import { Sticker } from "./sticker.tsx";

const VISUAL = new Set(["picture", "video"]);

export function MediaView({
  message,
  attachments,
}: {
  message: MessageView;
  attachments: AttachmentView[];
}) {
  const { location, card, cards, basket, product } = message.content;
  const visual = attachments.filter((one) => VISUAL.has(one.kind) && !one.round);
  const others = attachments.filter((one) => !visual.includes(one));
  return (
    <>
      {visual.length > 0 ? <Album attachments={visual} /> : null}
      {others.length > 0 ? (
        <span className={css.stack}>
          {others.map((one) => (
            <One key={one.id} attachment={one} />
          ))}
        </span>
      ) : null}
      {location ? <LocationCard location={location} /> : null}
      {card ? <CardView card={card} /> : null}
      {product ? <ProductLine product={product} /> : null}
      {basket ? <BasketView basket={basket} /> : null}
      {cards && cards.length > 0 ? <Cards cards={cards} /> : null}
    </>
  );
}

function One({ attachment }: { attachment: AttachmentView }) {
  if (attachment.state !== "stored" || !attachment.file_id) {
    return <Missing attachment={attachment} />;
  }
  if (attachment.round) return <RoundVideo attachment={attachment} fileId={attachment.file_id} />;
  switch (attachment.kind) {
    case "sticker":
      return <Sticker attachment={attachment} fileId={attachment.file_id} />;
    case "voice":
    case "audio":
      return <AudioCard attachment={attachment} fileId={attachment.file_id} />;
    default:
      return <FileCard attachment={attachment} fileId={attachment.file_id} />;
  }
}
