import type { Page } from 'playwright-core';

/** What is wrong with the headings of a page: one h1, which comes first, and no level left out on the way down. */
export async function headingFaults(page: Page): Promise<string[]> {
  const levels = await page.evaluate(() =>
    [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
      // Those under an open dialog are hidden from everybody.
      .filter(
        (heading) => heading.checkVisibility() && heading.closest('[aria-hidden="true"], [inert]') === null,
      )
      .map((heading) => Number(heading.tagName[1])),
  );
  const faults = levels.flatMap((level, i) =>
    i > 0 && level > levels[i - 1]! + 1 ? [`h${level} after h${levels[i - 1]}`] : [],
  );
  const first = levels.filter((level) => level === 1).length;
  if (first !== 1) faults.push(`${first} h1`);
  if (levels.length > 0 && levels[0] !== 1) faults.push(`begins with h${levels[0]}`);
  return faults;
}

/** What has the keyboard now, and the ring that shows it. */
export function focused(page: Page): Promise<{ what: string; ring: number }> {
  return page.evaluate(() => {
    const at = document.activeElement as HTMLElement;
    const ringOf = (element: Element | null) => {
      if (element === null) return 0;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
      return outlineStyle === 'none' || outlineColor === 'rgba(0, 0, 0, 0)' ? 0 : parseFloat(outlineWidth);
    };
    const what = `${at.tagName.toLowerCase()} ${at.getAttribute('aria-label') ?? at.textContent.slice(0, 40)}`;
    // A card that is one link has the ring around the card, a field in a frame around the frame.
    return { what, ring: Math.max(ringOf(at), ringOf(at.closest('article, .mantine-PasswordInput-input'))) };
  });
}

/** Presses Tab until `wanted` has the keyboard. Every stop on the way must show where the keyboard is. */
export async function tabTo(page: Page, wanted: ReturnType<Page['locator']>): Promise<void> {
  await wanted.waitFor();
  const way: string[] = [];
  for (let stops = 0; stops < 40; stops += 1) {
    await page.keyboard.press('Tab');
    const { what, ring } = await focused(page);
    way.push(what);
    if (ring < 2) throw new Error(`No ring around: ${what}`);
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Not reached by Tab. The way: ${way.join(' | ')}`);
}
