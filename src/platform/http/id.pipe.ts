import { Injectable, type PipeTransform } from '@nestjs/common';
import { Problem } from './problem';

/** A whole number from 1 in the path; what cannot be an id is answered as what does not exist. */
@Injectable()
export class IdPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    if (!/^[1-9]\d{0,8}$/.test(value)) throw new Problem('not-found');
    return Number(value);
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID in the path or query, in lower case; what cannot be one is answered as what does not exist. */
@Injectable()
export class UuidPipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (typeof value !== 'string' || !UUID.test(value)) throw new Problem('not-found');
    return value.toLowerCase();
  }
}
