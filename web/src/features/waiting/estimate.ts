import { span } from '../../shell/words';
import type { PlaceNow } from './place-now';

/** An estimate as a range, because it is one: `a few seconds`, `20 to 35 seconds`, `2 to 4 minutes`. */
export function etaWords(seconds: number): string {
  if (seconds <= 5) return 'a few seconds';
  const low = rounded(seconds * 0.8);
  const high = rounded(seconds * 1.35);
  const [lowWords, highWords] = [span(low), span(high)];
  if (lowWords === highWords) return `about ${highWords}`;
  const [number, unit = ''] = lowWords.split(' ');
  return highWords.includes(unit.replace(/s$/, ''))
    ? `${number} to ${highWords}`
    : `${lowWords} to ${highWords}`;
}

function rounded(seconds: number): number {
  const step = seconds < 60 ? 5 : seconds < 600 ? 60 : seconds < 3_600 ? 300 : 1_800;
  return Math.max(step, Math.round(seconds / step) * step);
}

/**
 * Why the wait has become longer within the samples, the oldest first, or `undefined` when it has not.
 * VIPs who join are the one reason for which a place ever moves back. While the line is paused there is no estimate
 * whose growth would want a reason.
 */
export function whyLonger(samples: readonly PlaceNow[], paused: boolean): string | undefined {
  const now = samples.at(-1);
  if (now === undefined) return undefined;
  const best = Math.min(...samples.map((sample) => sample.position));
  const fewestVips = Math.min(...samples.map((sample) => sample.vipAhead));
  const joined = now.vipAhead - fewestVips;
  if (now.position > best && joined > 0) {
    return joined === 1
      ? '1 VIP request has just come and goes first, so your place moved back.'
      : `${joined} VIP requests have just come and go first, so your place moved back.`;
  }
  if (paused) return undefined;
  const times = samples.map((sample) => sample.etaSeconds).filter((eta) => eta !== null);
  if (now.etaSeconds !== null && now.etaSeconds > Math.min(...times) * 1.3 + 5) {
    return 'The line moves more slowly than a moment ago, so the estimate grew. Your place did not move back.';
  }
  return undefined;
}
