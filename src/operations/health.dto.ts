export class HealthDto {
  /** @example ok */
  status: 'ok';
}

export class ReadyDto extends HealthDto {
  /** Whether the queue's store answers. While it is away requests are taken, and settled later. */
  queue: 'ok' | 'away';
}
