import { note, noted } from './browser-store';

const LEASE_MS = 10_000;

/**
 * Runs `work` while no other tab of this browser runs work of the same name.
 * Web Locks exist on secure pages only; elsewhere (plain http on a home network) a lease in localStorage stands in,
 * which may let two tabs through in the worst case but never blocks for longer than ten seconds.
 */
export async function oneTabAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  if ('locks' in navigator) return navigator.locks.request(`tixline.${name}`, work);
  const key = `tixline.lock.${name}`;
  const mine = Math.random().toString(36).slice(2);
  // Bounded: without any storage there is nothing to take turns by.
  for (let tries = 0; tries < 250; tries += 1) {
    const [owner, until] = (noted(key) ?? '').split(' ');
    if (owner === mine) break;
    if (!owner || Number(until) < Date.now()) note(key, `${mine} ${Date.now() + LEASE_MS}`);
    // Another tab may have written in the same moment: the last one to write keeps it.
    await new Promise((done) => setTimeout(done, 40 + Math.random() * 40));
  }
  try {
    return await work();
  } finally {
    note(key, null);
  }
}
