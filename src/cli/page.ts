import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Where text for a person is written to: how wide it is, and whether it has colours. */
export interface Page {
  /** Columns; no limit where nobody looks at the shape of lines (a file, another program). */
  readonly width: number;
  readonly colour: boolean;
}

/** The page that a stream is. Colours only on a terminal, and not with NO_COLOR. */
export function pageOf(stream: NodeJS.WriteStream): Page {
  if (!stream.isTTY) return { width: Infinity, colour: false };
  return { width: stream.columns || 80, colour: stream.hasColors() };
}

export function paint(page: Page, style: Style | undefined, text: string): string {
  return page.colour && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
}
