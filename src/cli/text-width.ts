const segmenter = new Intl.Segmenter();

/** What terminals draw two columns wide: East Asian wide characters and emoji (Unicode, annex 11, roughly). */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}|[\u{20000}-\u{3FFFD}]/u;
const UNSEEN = /^[\p{M}\p{Cf}]+$/u;
/** Control characters move the cursor or worse, and some format characters turn the writing round. */
const DANGEROUS = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text))
    width += UNSEEN.test(segment) ? 0 : WIDE.test(segment) ? 2 : 1;
  return width;
}

/** The text cut to `width` columns, with an ellipsis when something was cut off. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    if (widthOf(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Broken between words into lines of at most `width` columns, each with `indent` before it. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && widthOf(`${line} ${word}`) <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(indent + word);
  }
  return lines.join('\n');
}

/** Filled up with spaces to `width` columns. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return side === 'right' ? space + text : text + space;
}

/** Text from a stranger, fit for a terminal: what could steer it is shown as a sign instead. */
export function harmless(text: string): string {
  return text.replace(DANGEROUS, '\uFFFD');
}
