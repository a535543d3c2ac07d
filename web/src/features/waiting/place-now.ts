import type { Line, Standing } from '../../server/model';

/** A place in line as it is shown: what the server said last, moved on by the public line. */
export interface PlaceNow {
  readonly position: number;
  readonly ahead: number;
  readonly vipAhead: number;
  readonly etaSeconds: number | null;
  /** When these figures were true, in milliseconds. */
  readonly at: number;
}

interface Seen<T> {
  readonly data: T;
  readonly at: number;
}

// The public line may come from a cache and be a second old.
const LINE_AGE_MS = 1_000;

/**
 * Where the request stands now. Between two answers about the request itself the public line moves it on:
 * nobody joins ahead within a tier, so fewer places between served and ours can only mean progress.
 * Answers `undefined` once the request is settled.
 */
export function placeNow(standing: Seen<Standing>, line: Seen<Line> | undefined): PlaceNow | undefined {
  const {
    status,
    position,
    ahead,
    vip_ahead: vipAhead,
    eta_seconds: etaSeconds,
    place,
    ticket_type: tier,
  } = standing.data;
  if (status !== 'queued' || position === null) return undefined;
  const said = { position, ahead, vipAhead, etaSeconds, at: standing.at };
  if (line === undefined || line.at < standing.at + LINE_AGE_MS) return said;

  const vip = tier === 'VIP';
  const own = vip ? line.data.vip : line.data.regular;
  const before = vip ? ahead : ahead - vipAhead;
  // Cancelled places count in the difference but not in what the server said: the smaller number is the truer.
  const nowBefore = Math.min(before, Math.max(0, place - 1 - own.served_place));
  const nowVip = vip ? nowBefore : line.data.vip.waiting;
  const nowAhead = vip ? nowBefore : nowBefore + nowVip;
  const nowEta = etaSeconds === null ? null : Math.ceil((etaSeconds * (nowAhead + 1)) / position);
  return { position: nowAhead + 1, ahead: nowAhead, vipAhead: nowVip, etaSeconds: nowEta, at: line.at };
}

/** True when the public line has passed the request: its outcome is known and worth asking for at once. */
export function isPassed(standing: Standing, line: Line | undefined): boolean {
  if (standing.status !== 'queued' || line === undefined) return false;
  return (standing.ticket_type === 'VIP' ? line.vip : line.regular).served_place >= standing.place;
}
