/** The look: tokens, theme and the few parts every screen is made of. */
export { Blank } from "./blank.tsx";
export { Bones, useLate } from "./bones.tsx";
export { ChannelMark } from "./channel-mark.tsx";
export { Face } from "./face.tsx";
export { Key } from "./key.tsx";
export { LABEL_COLORS, LabelChip, LabelDot } from "./label-chip.tsx";
export { UiProvider } from "./provider.tsx";
export { type Toast, Toasts, toast } from "./toast.tsx";
