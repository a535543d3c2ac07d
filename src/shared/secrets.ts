/**
 * What a text must not carry out of the program: signed tokens, credentials in addresses, e-mail addresses. Each part has a
 * longest, or a text made for it would take time by its square.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // Three parts of base64url, the first of them a JSON object.
  [/(?<![\w-])eyJ[\w-]{1,1024}\.[\w-]{0,1024}(\.[\w-]{0,512})?/g, '[token]'],
  [/\b(bearer|basic) [\w.~+/=-]{1,2048}/gi, '$1 [token]'],
  [/(:\/\/)[^/\s@]{0,256}@/g, '$1[…]@'],
  [/[^\s"'<>()[\]=,;:/@]{1,64}@[^\s"'<>()[\]=,;:/@]{1,255}/g, '[e-mail]'],
];

/** The text with those taken out. A last line: nothing should put one into a log in the first place, but errors quote. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((left, [secret, instead]) => left.replace(secret, instead), text);
}
