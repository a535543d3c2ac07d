/** The bars that Tixline is held to: ratios within one run. */
import { shapeName, SHAPES } from './scale.mts';
import type { Figures } from './figures.mts';
import type { Settings } from './stage.mts';

export interface Bar {
  readonly what: string;
  readonly value: number;
  /** `least`: the value must reach it. `most`: it must not pass it. */
  readonly least?: number;
  readonly most?: number;
  readonly unit: '×' | 'ms' | 's' | 'MB' | 'bytes';
}

/** Two runs of one and the same server differ by so much. */
const NOISE = 0.03;

/** All bars, also those whose figures were not measured: their value is NaN. */
export function bars(figures: Figures, { depths, connections }: Settings): Bar[] {
  const ratio = (a: string, b: string) => figures.ratio(a, b);
  const deepest = Math.max(...depths);
  const many = depths.includes(100_000) ? 100_000 : deepest;
  const count = (depth: number) => depth.toLocaleString('en');
  const memory = (role: string, depth: number) => figures.median(`depth${depth}.memory.${role}`);
  const one = shapeName(SHAPES[0]);
  const two = shapeName(SHAPES[3]);
  return [
    {
      what: `accepted and settled at once, of the empty route (${connections} connections)`,
      value: ratio('apart.both', 'limit.accepted'),
      least: 0.55,
      unit: '×',
    },
    {
      what: '… when one process is API and worker at once',
      value: ratio('embedded.both', 'limit.accepted'),
      least: 0.55,
      unit: '×',
    },
    {
      what: 'accepted, against the baseline as usually written',
      value: ratio('embedded.accepted', 'baseline.string.accepted'),
      least: 10,
      unit: '×',
    },
    {
      what: 'accepted, against the baseline with a KeyObject',
      value: ratio('embedded.accepted', 'baseline.object.accepted'),
      least: 4,
      unit: '×',
    },
    {
      what: 'settled under load, against the drain of the baseline with no load',
      value: ratio('embedded.settled', 'baseline.string.drain'),
      least: 20,
      unit: '×',
    },
    {
      what: 'settled under load, against the baseline end to end',
      value: ratio('embedded.settled', 'baseline.string.settled'),
      least: 50,
      unit: '×',
    },
    {
      what: '… whose worker is a process of its own',
      value: ratio('embedded.settled', 'baseline.apart.settled'),
      least: 50,
      unit: '×',
    },
    {
      what: 'position polls, of the empty GET route',
      value: ratio('poll0.rate', 'limit.get.rate'),
      least: 0.85,
      unit: '×',
    },
    {
      what: `position polls with ${count(deepest)} waiting, of those with none`,
      value: ratio(`poll${deepest}.rate`, 'poll0.rate'),
      least: 0.95,
      unit: '×',
    },
    {
      what: `CPU of an accept with ${count(deepest)} waiting, of that with none`,
      value: ratio(`depth${deepest}.cost`, 'depth0.cost'),
      most: 1.1,
      unit: '×',
    },
    { what: 'accept p99 at half of capacity', value: figures.median('at50.p99'), most: 40, unit: 'ms' },
    {
      what: '202 to outcome p99 at half of capacity',
      value: figures.median('outcome.p99') / 1_000,
      most: 1.2,
      unit: 's',
    },
    {
      what: 'one worker alone draining a backlog, of COPY of as many ticket rows',
      value: ratio('drain', 'copy'),
      least: 0.12,
      unit: '×',
    },
    {
      what: `API memory for one waiting request (${count(deepest)} waiting)`,
      value: (figures.median(`depth${deepest}.grown`) / deepest) * 1_048_576,
      most: 150,
      unit: 'bytes',
    },
    {
      what: `worker memory with ${count(deepest)} waiting, of that with none`,
      value: memory('worker', deepest) / memory('worker', 0),
      most: 1.1,
      unit: '×',
    },
    { what: `API memory with ${count(many)} waiting`, value: memory('api', many), most: 400, unit: 'MB' },
    {
      what: `worker memory with ${count(many)} waiting`,
      value: memory('worker', many),
      most: 400,
      unit: 'MB',
    },
    {
      what: 'worker memory, highest while draining',
      value: figures.median('drain.memory.worker'),
      most: 400,
      unit: 'MB',
    },
    ...(['accepted', 'settled'] as const).map((figure) => ({
      what: `${figure} with two APIs and two workers, of that with one each (less ${NOISE * 100} % for noise)`,
      value: ratio(`${two}.${figure}`, `${one}.${figure}`),
      least: 1 - NOISE,
      unit: '×' as const,
    })),
  ];
}

/** Whether a bar holds; undefined when its figures were not measured. */
export function holds({ value, least, most }: Bar): boolean | undefined {
  if (Number.isNaN(value)) return undefined;
  return (least === undefined || value >= least) && (most === undefined || value <= most);
}
