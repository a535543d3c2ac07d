import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { clockOf } from './preloads';
import type { Member } from './member';
import type { Stage } from './stage';

export const HOUR_MS = 3_600_000;

/** The clock of one process, which can be set while it runs. */
export class Clock {
  private constructor(
    readonly member: Member,
    private readonly file: string,
  ) {}

  /** Starts a process whose clock is off by so much. */
  static async of(stage: Stage, role: 'api' | 'worker', offMs = 0): Promise<Clock> {
    const file = stage.file(`clock-${stage.members.length}`);
    writeFileSync(file, `${offMs}`);
    return new Clock(await stage.add(role, clockOf(file)), file);
  }

  /** Sets it, and waits until the process has it. */
  async set(offMs: number): Promise<void> {
    writeFileSync(this.file, `${offMs}`);
    await delay(200);
  }
}
