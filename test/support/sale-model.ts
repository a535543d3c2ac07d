import type { Tier } from '../../src/shared/tier';

/** What came of a request, and of the order that it may have become. */
export interface ModelRequest {
  readonly id: string;
  readonly buyer: number;
  readonly tier: Tier;
  readonly quantity: number;
  readonly place: number;
  outcome: 'queued' | 'granted' | 'cancelled' | 'sold_out' | 'limit_reached';
  /** Number of its first ticket, once granted. */
  firstNumber: number | null;
  returned: boolean;
  readonly entered: Set<number>;
}

export interface ModelAsk {
  readonly buyer: number;
  readonly tier: Tier;
  /** As it was sent; absent means one. */
  readonly quantity: number | undefined;
  /** Which of the buyer's keys; absent: none. */
  readonly key: number | undefined;
}

/**
 * The sale of one event as a person would keep it on paper: who asked in which order, and so who must be granted what.
 * Greedy in the order of the line, VIPs first, by the limit of each buyer and the seats that are left.
 */
export class SaleModel {
  readonly requests: ModelRequest[] = [];
  readonly left: Record<Tier, number>;
  readonly served: Record<Tier, number> = { 1: 0, 2: 0 };
  private readonly held = new Map<number, number>();
  private readonly keys = new Map<string, { body: string; request: ModelRequest }>();
  private issued = 0;

  constructor(
    seats: { readonly vip: number; readonly regular: number },
    readonly maxPerBuyer: number,
  ) {
    this.left = { 1: seats.vip, 2: seats.regular };
  }

  get granted(): ModelRequest[] {
    return this.requests.filter(({ outcome }) => outcome === 'granted');
  }

  get waiting(): ModelRequest[] {
    return this.requests.filter(({ outcome }) => outcome === 'queued');
  }

  lastPlace(tier: Tier): number {
    return this.requests.filter((request) => request.tier === tier).length;
  }

  /** What asking must be answered with: a new place, the request that the key stands for, or the code of a refusal. */
  expects({ buyer, tier, quantity = 1, key }: ModelAsk): number | ModelRequest | string {
    const known = key === undefined ? undefined : this.keys.get(`${buyer} ${key}`);
    if (known !== undefined) return known.body === `${tier} ${quantity}` ? known.request : 'key-reused';
    return quantity > this.maxPerBuyer ? 'over-limit' : this.lastPlace(tier) + 1;
  }

  accepted({ buyer, tier, quantity = 1, key }: ModelAsk, id: string): void {
    const place = this.lastPlace(tier) + 1;
    const rest = {
      outcome: 'queued',
      firstNumber: null,
      returned: false,
      entered: new Set<number>(),
    } as const;
    const request: ModelRequest = { id, buyer, tier, quantity, place, ...rest };
    this.requests.push(request);
    if (key !== undefined) this.keys.set(`${buyer} ${key}`, { body: `${tier} ${quantity}`, request });
  }

  /**
   * The line says that it has got so far: now everybody up to there has an outcome, and it follows from the rules.
   * Throws when the line went back, or has served a Regular while a VIP waited.
   */
  servedTo(vip: number, regular: number): void {
    if (vip < this.served[1] || regular < this.served[2]) throw new Error('the line went back');
    const regulars = this.upTo(2, regular);
    if (regulars.length > 0 && this.upTo(1, Infinity).length > this.upTo(1, vip).length)
      throw new Error('a Regular was served while a VIP waited');
    for (const request of [...this.upTo(1, vip), ...regulars]) this.settle(request);
    Object.assign(this.served, { 1: vip, 2: regular });
  }

  /** Gives an order back. Answers the status that doing so must have. */
  giveBack(order: ModelRequest): number {
    if (order.returned) return 200;
    if (order.entered.size > 0) return 409;
    order.returned = true;
    this.left[order.tier] += order.quantity;
    this.hold(order.buyer, -order.quantity);
    return 200;
  }

  /** Leaves the line. Answers the status that doing so must have. */
  leave(request: ModelRequest): number {
    if (request.outcome === 'queued') request.outcome = 'cancelled';
    return request.outcome === 'cancelled' ? 200 : 409;
  }

  /** Scans the nth ticket of an order. Answers what the door must say. */
  scan(order: ModelRequest, nth: number): 'ok' | 'already_used' | 'cancelled' {
    if (order.returned) return 'cancelled';
    if (order.entered.has(nth)) return 'already_used';
    order.entered.add(nth);
    return 'ok';
  }

  private upTo(tier: Tier, place: number): ModelRequest[] {
    return this.waiting.filter((request) => request.tier === tier && request.place <= place);
  }

  private settle(request: ModelRequest): void {
    const { buyer, quantity, tier } = request;
    if ((this.held.get(buyer) ?? 0) + quantity > this.maxPerBuyer) request.outcome = 'limit_reached';
    else if (quantity > this.left[tier]) request.outcome = 'sold_out';
    else {
      request.outcome = 'granted';
      request.firstNumber = this.issued + 1;
      this.issued += quantity;
      this.left[tier] -= quantity;
      this.hold(buyer, quantity);
    }
  }

  private hold(buyer: number, quantity: number): void {
    this.held.set(buyer, (this.held.get(buyer) ?? 0) + quantity);
  }
}
