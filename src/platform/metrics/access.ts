import { createHash, timingSafeEqual } from 'node:crypto';
import type { Config } from '../../config/index';

/** Whether this process shows its figures at all. Production does to whoever knows METRICS_TOKEN. */
export const showsFigures = ({ production, metricsToken }: Config): boolean =>
  metricsToken !== undefined || !production;

/** Whether who sends this `Authorization` header may see them. Takes as long for a token that is nearly right. */
export function maySeeFigures({ metricsToken }: Config, authorization: string | undefined): boolean {
  if (metricsToken === undefined) return true;
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${metricsToken}`));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';
