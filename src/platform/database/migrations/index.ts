import { Line1763700000001 } from './0001-line';
import { NarrowRows1763750000002 } from './0002-narrow-rows';
import { RateLimits1763760000003 } from './0003-rate-limits';
import { SessionsEnd1763770000004 } from './0004-sessions-end';
import { Erasure1763780000005 } from './0005-erasure';
import { SettlementTrials1763790000006 } from './0006-settlement-trials';
import { Sessions1763795000007 } from './0007-sessions';

/** All migrations, oldest first. Named here one by one, so that they are found in `src`, in `dist` and in tests. */
export const MIGRATIONS = [
  Line1763700000001,
  NarrowRows1763750000002,
  RateLimits1763760000003,
  SessionsEnd1763770000004,
  Erasure1763780000005,
  SettlementTrials1763790000006,
  Sessions1763795000007,
];
