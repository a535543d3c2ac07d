/** Lets so many at once do something; the others wait, first come, first served. */
export class Turns {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** With `waitMs` nobody waits for longer than that. `refusal` is thrown at whoever is one too many or waited in vain. */
  constructor(
    private readonly atOnce: number,
    private readonly most: { readonly waiting: number; readonly waitMs?: number },
    private readonly refusal: () => Error,
  ) {}

  /** Answers what `work` answers, once it is its turn. Rejects with the refusal, or as `work` does. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.atOnce) await this.wait();
    else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private wait(): Promise<void> {
    if (this.waiting.length >= this.most.waiting) throw this.refusal();
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const go = () => {
        clearTimeout(timer);
        resolve();
      };
      this.waiting.push(go);
      if (this.most.waitMs === undefined) return;
      timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(go), 1);
        reject(this.refusal());
      }, this.most.waitMs);
    });
  }
}
