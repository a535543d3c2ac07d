import { Turns } from '../../src/shared/turns';

const REFUSED = new Error('too many');

/** Work that goes on until it is ended. */
function piece() {
  let end = () => {};
  let begun = false;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const work = async () => {
    begun = true;
    await ended;
  };
  return { work, end: () => end(), isUnderWay: () => begun };
}

describe('turns', () => {
  it('let two at once and the others after them, as they came, also after one that failed', async () => {
    const turns = new Turns(2, { waiting: 10 }, () => REFUSED);
    const pieces = [piece(), piece(), piece(), piece()];
    const fails = turns.take(async () => {
      await pieces[0]!.work();
      throw new Error('failed');
    });
    const others = pieces.slice(1).map(({ work }) => turns.take(work));
    const underWay = () => pieces.map(({ isUnderWay }) => isUnderWay());
    await Promise.resolve();
    expect(underWay()).toEqual([true, true, false, false]);
    pieces[0]!.end();
    await expect(fails).rejects.toThrow('failed');
    await Promise.resolve();
    expect(underWay()).toEqual([true, true, true, false]);
    for (const { end } of pieces) end();
    await Promise.all(others);
    expect(await turns.take(() => Promise.resolve('free again'))).toBe('free again');
  });

  it('refuse whoever would be one too many in the line', async () => {
    const turns = new Turns(1, { waiting: 1 }, () => REFUSED);
    const first = piece();
    const both = [turns.take(first.work), turns.take(() => Promise.resolve())];
    await expect(turns.take(() => Promise.resolve())).rejects.toBe(REFUSED);
    first.end();
    await Promise.all(both);
  });

  it('refuse whoever waited for too long, and forget them', async () => {
    const turns = new Turns(1, { waiting: 1, waitMs: 20 }, () => REFUSED);
    const first = piece();
    const running = turns.take(first.work);
    const late = piece();
    await expect(turns.take(late.work)).rejects.toBe(REFUSED);
    const next = turns.take(() => Promise.resolve('next'));
    first.end();
    await running;
    expect(await next).toBe('next');
    expect(late.isUnderWay()).toBe(false);
  });
});
