/** The token in what was scanned or pasted: the token itself, or the address `…/t/<token>` that a QR code holds. */
export function ticketToken(text: string): string {
  const words = text.trim();
  return /\/t\/([^/?#\s]+)/.exec(words)?.[1] ?? words;
}
