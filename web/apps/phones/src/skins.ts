// What tells one messenger's app from another's, besides its colours (skins.css).

export type Ornament = "call" | "film" | "more" | "search" | "about";

export interface Skin {
  /** How the app is laid out. */
  layout: "chat" | "mail" | "lock";
  /** Where the time of a message stands. */
  time: "inside" | "below";
  /** The business's picture beside its messages. */
  faces: boolean;
  /** Signs of the real app's head; they do nothing. */
  ornaments: Ornament[];
  /** Replies offered under the chat: big keys, or small pills. */
  keys: "keys" | "pills";
  glyph: string;
}

const PLAIN: Skin = {
  layout: "chat",
  time: "inside",
  faces: false,
  ornaments: [],
  keys: "keys",
  glyph: "bubble",
};

const SKINS: Record<string, Partial<Skin>> = {
  telegram: { glyph: "plane" },
  vk: { faces: true, ornaments: ["call"], glyph: "two" },
  max: { faces: false, ornaments: ["search"], glyph: "ring" },
  whatsapp: { ornaments: ["film", "call"], glyph: "handset" },
  viber: { faces: true, ornaments: ["call"], glyph: "waves" },
  ok: { faces: true, ornaments: ["call"], glyph: "person" },
  messenger: {
    time: "below",
    faces: true,
    ornaments: ["call", "film", "about"],
    keys: "pills",
    glyph: "bolt",
  },
  instagram: {
    time: "below",
    faces: true,
    ornaments: ["call", "film"],
    keys: "pills",
    glyph: "lens",
  },
  email: { layout: "mail", glyph: "letter" },
  webpush: { layout: "lock", glyph: "bell" },
  app: { glyph: "cup", keys: "pills" },
};

const ORDER = Object.keys(SKINS);

/** The messengers as they lie on a telephone; those without a skin come last. */
export function inOrder<T extends { id: string }>(platforms: T[]): T[] {
  const place = ({ id }: T) => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length);
  return [...platforms].sort((a, b) => place(a) - place(b));
}

export function skinOf(platform: string): Skin {
  return { ...PLAIN, ...SKINS[platform] };
}
