/** The two tiers of a line, in the order in which they are served. The number is also BullMQ's priority. */
export const VIP = 1;
export const REGULAR = 2;

export type Tier = typeof VIP | typeof REGULAR;
export type TierName = 'VIP' | 'Regular';

/** The word people use for a tier. */
export function tierName(tier: Tier): TierName {
  return tier === VIP ? 'VIP' : 'Regular';
}

/** The tier that a word names. */
export function tierOf(name: TierName): Tier {
  return name === 'VIP' ? VIP : REGULAR;
}
