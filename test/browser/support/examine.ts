import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { eventually } from '../../support/eventually';
import { headingFaults } from './structure';

const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Those rules of the standard that look at colours. */
const COLOURS = ['color-contrast', 'link-in-text-block'];
const NARROW = { width: 390, height: 844 };
const WIDE = { width: 1280, height: 900 };
/** Where screenshots go; none are taken without it. */
const SHOTS = process.env.SHOTS;

/**
 * Everything that is wrong with a page as it stands: axe on a phone and a desktop, light and dark, headings, horizontal
 * scroll on the narrowest phone, and targets too small to touch. Empty when it is right.
 */
export async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults = (await headingFaults(page)).map((fault) => `headings: ${fault}`);
  for (const size of [NARROW, WIDE]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // Mantine follows the device a moment later.
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      await shoot(page, `${name}-${size.width}-${colorScheme}`);
      const axe = new AxeBuilder({ page }).setLegacyMode();
      // The schemes differ in nothing but colours: what has been found right in the light is not looked at twice.
      const { violations } = await (
        colorScheme === 'light' ? axe.withTags(STANDARD) : axe.withRules(COLOURS)
      ).analyze();
      for (const { id, nodes } of violations)
        faults.push(
          `${size.width} ${colorScheme}: ${id} at ${nodes.map(({ target }) => String(target)).join(' | ')}`,
        );
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(NARROW);
  faults.push(...(await smallTargets(page)));
  await page.setViewportSize({ width: 360, height: 740 });
  const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  // An open menu finds its new place a moment after the page has changed its size.
  await eventually(async () => expect(await tooWide()).toBeLessThanOrEqual(0), 2_000).catch(async () =>
    faults.push(`at 360 px it scrolls sideways by ${await tooWide()} px`),
  );
  return faults;
}

/** Buttons, fields and entries of menus that a thumb would miss: under 44 px in either direction. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const targets = document.querySelectorAll<HTMLElement>(
      'button, [role=button], [role=radio], [role^=menuitem], a.mantine-Button-root, nav a, .mantine-Switch-body, ' +
        'input:not([type=checkbox], [type=radio], [type=hidden]), textarea',
    );
    return (
      [...targets]
        .filter(
          (target) => target.checkVisibility() && target.closest('[aria-hidden="true"], [inert]') === null,
        )
        // A touch anywhere in a field's frame is one on the field.
        .map((target) => ({ target, frame: target.closest('.mantine-PasswordInput-input') }))
        .map(({ target, frame }) => ({
          target,
          box: (target.tagName === 'INPUT' && frame ? frame : target).getBoundingClientRect(),
        }))
        .filter(({ box }) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
        .map(({ target, box }) => {
          const name =
            target.getAttribute('aria-label') ?? (target.textContent || target.getAttribute('name') || '');
          return `too small to touch: ${target.tagName.toLowerCase()} ${name.slice(0, 40)} ${box.width}×${box.height}`;
        })
    );
  });
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  // What lies over the page is seen as a person sees it; the page itself as a whole.
  await page.evaluate(() => window.scrollTo(0, 0));
  const covered = (await page.locator('[role=dialog], [role=menu]').count()) > 0;
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: !covered });
}
