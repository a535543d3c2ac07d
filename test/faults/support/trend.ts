/** A figure over time: [hours, value]. */
export type Sample = readonly [hours: number, value: number];

/** How much a figure rises per hour: the slope of the straight line that fits best (least squares). */
export function slopePerHour(samples: readonly Sample[]): number {
  const mean = (index: 0 | 1) => samples.reduce((sum, sample) => sum + sample[index], 0) / samples.length;
  const [time, value] = [mean(0), mean(1)];
  let both = 0;
  let square = 0;
  for (const [x, y] of samples) {
    both += (x - time) * (y - value);
    square += (x - time) ** 2;
  }
  return square === 0 ? 0 : both / square;
}
