const seed = Math.random() * 1_000;

/**
 * `ms` spread by ±20 %, so that people who joined together do not ask together. The same for the same `salt`:
 * a timer that is worked out again at each rendering must not start anew each time.
 */
export function jittered(ms: number, salt: number): number {
  const noise = Math.sin(seed + salt) * 10_000;
  return ms * (0.8 + 0.4 * (noise - Math.floor(noise)));
}
