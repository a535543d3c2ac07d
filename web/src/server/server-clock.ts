let offsetMs = 0;

/**
 * The time at the server. Sales open by its clock, and the clock of a phone may be minutes off.
 * Exact to about a second, which is all the `Date` header says.
 */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** Learns how far the clocks are apart from the `Date` of an answer that no cache has kept. */
export function learnServerTime(response: Response): void {
  const date = Date.parse(response.headers.get('Date') ?? '');
  if (Number.isNaN(date) || response.headers.has('Age')) return;
  if ((response.headers.get('Cache-Control') ?? '').includes('public')) return;
  // The header is cut to whole seconds: half a second is what it is off on average.
  const apart = date + 500 - Date.now();
  offsetMs = Math.abs(apart) > 2_000 ? apart : 0;
}
