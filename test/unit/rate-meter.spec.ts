import fc from 'fast-check';
import { RateMeter } from '../../src/line/rate-meter';

describe('the rate of a counter', () => {
  it('is steps over seconds while it rises evenly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 50, max: 1_000 }),
        (step, everyMs) => {
          const meter = new RateMeter();
          let rate = 0;
          for (let i = 0; i < 200; i += 1) rate = meter.note(i * everyMs, i * step, i * everyMs);
          expect(rate).toBeCloseTo((step * 1_000) / everyMs, 0);
        },
      ),
    );
  });

  it('is never negative and never endless, in whatever order readings come', () => {
    const reading = fc.record({ atMs: fc.nat(60_000), count: fc.nat(100_000), nowMs: fc.nat(60_000) });
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 50 }), (readings) => {
        const meter = new RateMeter();
        for (const { atMs, count, nowMs } of readings) {
          const rate = meter.note(atMs, count, nowMs);
          expect(Number.isFinite(rate)).toBe(true);
          expect(rate).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('follows a change within ten seconds and is 0 once nothing moved for as long', () => {
    const meter = new RateMeter();
    let count = 0;
    for (let ms = 0; ms <= 20_000; ms += 500) meter.note(ms, (count += 50), ms);
    let rate = 0;
    for (let ms = 20_500; ms <= 32_000; ms += 500) rate = meter.note(ms, (count += 5), ms);
    expect(rate).toBeCloseTo(10, 0);
    expect(meter.note(32_000, count, 36_000)).toBeGreaterThan(0);
    expect(meter.note(32_000, count, 42_500)).toBe(0);
  });

  it('knows nothing from one reading', () => {
    expect(new RateMeter().note(5, 100, 5)).toBe(0);
  });
});
