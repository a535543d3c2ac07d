import fc from 'fast-check';
import {
  markOf,
  readStandingId,
  readTicketId,
  standingId,
  ticketId,
  TICKET_KIND,
} from '../../src/shared/standing-id';

const event = fc.integer({ min: 1, max: 0xff_ffff });
const kind = fc.constantFrom(1 as const, 2 as const, TICKET_KIND);
const number = fc.integer({ min: 0, max: 0xffff_ffff });
const mark = fc.uint8Array({ minLength: 8, maxLength: 32 }).map(markOf);

describe('an id that says where a thing stands', () => {
  it('reads back what was written, and is a UUID of version 8', () => {
    fc.assert(
      fc.property(event, kind, number, mark, (eventId, ofKind, n, ofMark) => {
        const id = standingId(eventId, ofKind, n, ofMark);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(readStandingId(id)).toEqual({ eventId, kind: ofKind, number: n, mark: ofMark });
      }),
    );
  });

  it('ascends with event, kind and number, whatever the mark', () => {
    const standing = fc.tuple(event, kind, number, mark);
    fc.assert(
      fc.property(standing, standing, (a, b) => {
        const order = a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
        const [idA, idB] = [standingId(...a), standingId(...b)];
        if (order !== 0) expect(idA < idB).toBe(order < 0);
      }),
    );
  });

  it('is one of its kind: another number is another id', () => {
    fc.assert(
      fc.property(event, kind, number, number, mark, (eventId, ofKind, a, b, ofMark) => {
        expect(standingId(eventId, ofKind, a, ofMark) === standingId(eventId, ofKind, b, ofMark)).toBe(
          a === b,
        );
      }),
    );
  });

  it('is the only way to write what is read from it: no two ids say the same', () => {
    const hex = (length: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
    const shaped = fc
      .tuple(hex(8), hex(4), hex(3), fc.constantFrom('8', '9', 'a', 'b'), hex(3), hex(12))
      .map(([a, b, c, variant, d, e]) => `${a}-${b}-8${c}-${variant}${d}-${e}`);
    fc.assert(
      fc.property(shaped, (id) => {
        const { eventId, kind: ofKind, number: n, mark: ofMark } = readStandingId(id)!;
        expect(standingId(eventId, ofKind as 1, n, ofMark)).toBe(id);
      }),
    );
  });

  it('holds as much of a hash as a UUID lets it: another hash is another mark, but for two bits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.nat(63), (hash, bit) => {
        const other = Uint8Array.from(hash);
        other[bit >> 3]! ^= 0x80 >> (bit & 7);
        expect(markOf(other) === markOf(hash)).toBe(bit < 2);
      }),
    );
  });

  it('of a ticket is read as a ticket, and that of a request never is', () => {
    fc.assert(
      fc.property(event, number, mark, (eventId, n, ofMark) => {
        expect(readTicketId(ticketId({ eventId, number: n }))).toMatchObject({ eventId, number: n });
        for (const tier of [1, 2] as const)
          expect(readTicketId(standingId(eventId, tier, n, ofMark))).toBeUndefined();
        // A ticket has one id: nobody can write another that means the same one.
        const marked = standingId(eventId, TICKET_KIND, n, ofMark);
        if (marked !== ticketId({ eventId, number: n })) expect(readTicketId(marked)).toBeUndefined();
      }),
    );
  });

  it('reads nothing from what is not one', () => {
    fc.assert(
      fc.property(fc.uuid({ version: [1, 2, 3, 4, 5, 6, 7] }), (id) =>
        expect(readStandingId(id)).toBeUndefined(),
      ),
    );
    fc.assert(fc.property(fc.string(), (text) => expect(readStandingId(text)).toBeUndefined()));
    const id = standingId(1, 2, 3, markOf(new Uint8Array(8)));
    for (const other of [
      id.toUpperCase() + ' ',
      ` ${id}`,
      `${id}\n`,
      id.replaceAll('-', ''),
      `{${id}}`,
      id.slice(0, -1),
    ]) {
      expect(readStandingId(other)).toBeUndefined();
    }
  });
});
