import fc from 'fast-check';
import { countBelow, isAmong, positionOf, waitingIn, type TierLine } from '../../src/shared/position';
import { REGULAR, VIP } from '../../src/shared/tier';

/** A line as a list of people, and the same line as the few numbers that are published. */
const line = fc
  .record({
    given: fc.integer({ min: 0, max: 60 }),
    servedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    left: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }),
  })
  .map(({ given, servedShare, left }) => {
    const servedPlace = Math.floor(given * servedShare);
    const cancelled = left.filter((place) => place > servedPlace && place <= given).toSorted((a, b) => a - b);
    const waiting = Array.from({ length: given - servedPlace }, (_, i) => servedPlace + i + 1).filter(
      (place) => !cancelled.includes(place),
    );
    const numbers: TierLine = { lastPlace: given, servedPlace, cancelled };
    return { waiting, numbers };
  });

describe('a position, worked out from a few numbers of the line', () => {
  it('is what counting the people gives', () => {
    fc.assert(
      fc.property(line, line, (vip, regular) => {
        expect(waitingIn(vip.numbers)).toBe(vip.waiting.length);
        expect(waitingIn(regular.numbers)).toBe(regular.waiting.length);
        for (const [i, place] of vip.waiting.entries()) {
          expect(positionOf(VIP, place, vip.numbers, regular.numbers)).toEqual({
            position: i + 1,
            ahead: i,
            vipAhead: i,
          });
        }
        for (const [i, place] of regular.waiting.entries()) {
          const vipAhead = vip.waiting.length;
          const ahead = vipAhead + i;
          expect(positionOf(REGULAR, place, vip.numbers, regular.numbers)).toEqual({
            position: ahead + 1,
            ahead,
            vipAhead,
          });
        }
      }),
    );
  });

  it('is never below 1, even from numbers that do not fit together', () => {
    const any = fc.record({
      lastPlace: fc.nat(50),
      servedPlace: fc.nat(80),
      cancelled: fc
        .uniqueArray(fc.integer({ min: 1, max: 80 }))
        .map((places) => places.toSorted((a, b) => a - b)),
    });
    fc.assert(
      fc.property(
        any,
        any,
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom(VIP, REGULAR),
        (vip, regular, place, tier) => {
          const { position, ahead, vipAhead } = positionOf(tier, place, vip, regular);
          expect(position).toBeGreaterThanOrEqual(1);
          expect(ahead).toBe(position - 1);
          expect(vipAhead).toBeGreaterThanOrEqual(0);
          expect(vipAhead).toBeLessThanOrEqual(ahead);
        },
      ),
    );
  });
});

describe('a position, as the line moves', () => {
  const moves = fc.array(
    fc.record({
      what: fc.constantFrom('joins' as const, 'leaves' as const, 'is served' as const),
      tier: fc.constantFrom(VIP, REGULAR),
      which: fc.nat(20),
    }),
    { maxLength: 60 },
  );

  /** The line after one move; `undefined` when nobody can make it. */
  function after(before: TierLine, what: string, which: number): TierLine | undefined {
    const { lastPlace, servedPlace, cancelled } = before;
    if (what === 'joins') return { ...before, lastPlace: lastPlace + 1 };
    const waiting = Array.from({ length: lastPlace - servedPlace }, (_, i) => servedPlace + i + 1).filter(
      (place) => !cancelled.includes(place),
    );
    if (waiting.length === 0) return undefined;
    if (what === 'leaves') {
      const place = waiting[which % waiting.length]!;
      return { ...before, cancelled: [...cancelled, place].toSorted((a, b) => a - b) };
    }
    const served = waiting[0]!;
    return { lastPlace, servedPlace: served, cancelled: cancelled.filter((place) => place > served) };
  }

  it('goes down by one for each who was ahead, up by one for a VIP who joins, and by nothing else', () => {
    fc.assert(
      fc.property(line, line, moves, (vipLine, regularLine, steps) => {
        const lines = { [VIP]: vipLine.numbers, [REGULAR]: regularLine.numbers };
        lines[REGULAR] = after(lines[REGULAR], 'joins', 0)!;
        const mine = lines[REGULAR].lastPlace;
        let known = positionOf(REGULAR, mine, lines[VIP], lines[REGULAR]);
        for (const { what, tier, which } of steps) {
          const own = lines[tier];
          const next = after(own, what, which);
          if (next === undefined) continue;
          // Once it is mine that is served or that left there is no position any more.
          if (tier === REGULAR && (next.servedPlace >= mine || isAmong(next.cancelled, mine))) break;
          lines[tier] = next;
          const now = positionOf(REGULAR, mine, lines[VIP], lines[REGULAR]);
          const behind = tier === REGULAR && (what === 'joins' || leftBehind(own, next, mine));
          const change = behind ? 0 : what === 'joins' ? 1 : -1;
          expect(now.position).toBe(known.position + change);
          expect(now.vipAhead).toBe(known.vipAhead + (tier === VIP ? change : 0));
          known = now;
        }
      }),
    );
  });

  const leftBehind = (before: TierLine, now: TierLine, mine: number) =>
    now.cancelled.some((place) => place > mine && !before.cancelled.includes(place));
});

describe('searching ascending numbers', () => {
  it('finds what filter and includes find', () => {
    const ascending = fc.uniqueArray(fc.nat(100)).map((numbers) => numbers.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(ascending, fc.nat(110), (numbers, limit) => {
        expect(countBelow(numbers, limit)).toBe(numbers.filter((number) => number < limit).length);
        expect(isAmong(numbers, limit)).toBe(numbers.includes(limit));
      }),
    );
  });
});
