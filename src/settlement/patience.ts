/** A time that runs out unless it is begun anew: it tells work that goes on slowly from work that stands still. */
export class Patience {
  /** Resolves once `limitMs` have passed without `again`. */
  readonly over: Promise<undefined>;
  private timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    this.over = new Promise((resolve) => {
      this.timer = setTimeout(() => resolve(undefined), limitMs);
    });
  }

  /** Something has moved: the time begins anew. */
  again(): void {
    this.timer?.refresh();
  }

  /** Nobody waits any more. */
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
