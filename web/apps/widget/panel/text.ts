/** Up to three emoji and nothing else: shown large, without a bubble. */
export function isJumbo(text: string): boolean {
  return /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*\s?){1,3}$/u.test(
    text,
  );
}
