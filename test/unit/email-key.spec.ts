import fc from 'fast-check';
import { emailKey } from '../../src/shared/email';

describe('the key of an e-mail address', () => {
  it('is the same for every spelling by case, space and composition', () => {
    const spelling = fc.tuple(
      fc.emailAddress(),
      fc.constantFrom('', ' ', '\t', '\n  '),
      fc.func(fc.boolean()),
    );
    fc.assert(
      fc.property(spelling, ([email, space, isUpper]) => {
        const mixed = [...email]
          .map((letter, i) => (isUpper(i) ? letter.toUpperCase() : letter.toLowerCase()))
          .join('');
        expect(emailKey(space + mixed + space)).toBe(emailKey(email));
      }),
    );
    expect(emailKey('Zoë@example.org'.normalize('NFD'))).toBe(emailKey('zoë@example.org'.normalize('NFC')));
    expect(emailKey('ADA@EXAMPLE.ORG')).toBe('ada@example.org');
  });

  it('of a key is that key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) =>
        expect(emailKey(emailKey(text))).toBe(emailKey(text)),
      ),
    );
  });

  it('keeps what only the provider can judge: dots and plus tags', () => {
    expect(emailKey('a.da+x@example.org')).not.toBe(emailKey('ada@example.org'));
  });
});
