/**
 * The form in which two spellings of one address are equal: NFC, no surrounding space, lower case.
 * Dots and plus tags stay: only the mail provider knows whether they matter.
 */
export function emailKey(email: string): string {
  return email.normalize('NFC').trim().toLowerCase();
}
