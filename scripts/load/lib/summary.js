/** What a load test came to: a text to read, and everything as JSON. */

const LABEL_WIDTH = 40;
const CELL_WIDTH = 12;

/** One line: a label and its figures in columns. Numbers get their thousands apart. */
export function row(label, ...cells) {
  const shown = cells.map((cell) => (typeof cell === 'number' ? grouped(cell) : String(cell)));
  return `  ${label.padEnd(LABEL_WIDTH)}${shown.map((cell) => cell.padStart(CELL_WIDTH)).join('')}`.trimEnd();
}

function grouped(number) {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** How summaries call the figures of a time, and k6. */
export const PERCENTILES = [
  ['p50', 'med'],
  ['p95', 'p(95)'],
  ['p99', 'p(99)'],
];

/** Reads figures out of what k6 hands to `handleSummary`. What was never counted is 0. */
export class Figures {
  constructor(data) {
    this.metrics = data.metrics;
  }

  /** A figure of a metric: `count`, `value`, `rate`, `med`, `p(99)` …; `tags` as k6 writes them, `{tier:VIP}`. */
  of(name, figure, tags = '') {
    return this.metrics[`${name}${tags}`]?.values[figure] ?? 0;
  }

  count(name, tags = '') {
    return this.of(name, 'count', tags);
  }

  /** A time for people: milliseconds, seconds from one second on. */
  time(name, figure, tags = '') {
    const ms = this.of(name, figure, tags);
    return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
  }

  /** The thresholds that do not hold. */
  broken() {
    return Object.entries(this.metrics).flatMap(([name, { thresholds = {} }]) =>
      Object.entries(thresholds).flatMap(([rule, { ok }]) => (ok ? [] : [`${name}: ${rule}`])),
    );
  }
}

/** The requests, so that they add up: each that was asked is in one of the lines below it. */
export function requestLines(figures) {
  return [
    row('asked', figures.count('asked')),
    row('  accepted', figures.count('accepted')),
    row('  impossible, refused with 400 or 422', figures.count('impossible_refused')),
    row('  impossible, and taken all the same', figures.count('impossible_taken')),
    row('  no answer, or another one', missing(figures)),
    '',
    row(
      'of the accepted, sent again (same key)',
      figures.count('repeated') + figures.count('repeated_wrongly'),
    ),
    row('  got the first answer again', figures.count('repeated')),
    row('told to come back, and did', figures.count('told_to_come_back')),
    row('anything unexpected', figures.count('unexpected')),
  ];
}

function missing(figures) {
  const told = ['accepted', 'impossible_refused', 'impossible_taken'].map((name) => figures.count(name));
  return figures.count('asked') - told.reduce((sum, count) => sum + count, 0);
}

/** What became of them, VIP beside Regular. */
export function tierLines(figures) {
  const tiers = ['VIP', 'Regular'];
  const each = (label, read) => row(label, ...tiers.map((tier) => read(`{tier:${tier}}`, tier)));
  const outcome = (label, name) =>
    each(label, (_, tier) => figures.count('outcomes', `{tier:${tier},outcome:${name}}`));
  const times = (label, name) =>
    PERCENTILES.map(([title, figure]) =>
      each(`${label}, ${title}`, (tags) => figures.time(name, figure, tags)),
    );
  return [
    row('', ...tiers),
    each('accepted', (tags) => figures.count('accepted', tags)),
    outcome('  granted', 'granted'),
    outcome('  refused: sold out', 'sold_out'),
    outcome('  refused: limit reached', 'limit_reached'),
    each('  without an outcome', (tags) => figures.count('waiting', tags)),
    each('seats granted, as the buyers were told', (tags) => figures.count('seats_granted', tags)),
    each('seats gone, as the event says', (tags) => figures.of('seats_gone', 'value', tags)),
    ...times('time to the 202', 'time_to_accept'),
    ...times('from the 202 to the outcome', 'time_to_outcome'),
  ];
}

/** What polling cost, and what k6 itself needed. */
export function loadLines(figures) {
  const tags = '{name:position}';
  return [
    row('polls', figures.count('http_req_duration', tags)),
    row(
      '  answered in, p50 and p99',
      ...['med', 'p(99)'].map((figure) => figures.time('http_req_duration', figure, tags)),
    ),
    row('HTTP requests in all', figures.count('http_reqs')),
    row('dropped: due, and k6 had no VU free', figures.count('dropped_iterations')),
  ];
}

function booksLine(figures) {
  const held = figures.count('checks_held');
  if (figures.count('verified') === 1) return `The books are in order: ${held} checks hold.`;
  if (held === 0) return 'The books were not verified.';
  return `The books are NOT in order: ${held} checks hold, the log says which do not.`;
}

/**
 * The answer of `handleSummary`: `lines` under a heading on standard output, and `<test>-summary.json` (or where
 * SUMMARY says) with the same, the thresholds that broke and all metrics. Nobody's token is in either.
 */
export function summary(test, data, heading, lines) {
  const figures = new Figures(data);
  const broken = figures.broken();
  const books = booksLine(figures);
  const end = [
    `  ${books}`,
    broken.length === 0
      ? '  All thresholds hold.'
      : `  Broken thresholds:\n${broken.map((rule) => `    ${rule}\n`).join('')}`,
  ];
  const text = ['', `  ${heading}`, '', ...lines, '', ...end, ''].join('\n');
  const seconds = data.state.testRunDurationMs / 1_000;
  const result = {
    test,
    heading,
    ok: broken.length === 0,
    broken,
    books,
    seconds,
    text,
    metrics: data.metrics,
  };
  return {
    stdout: `${text}\n`,
    [__ENV.SUMMARY || `${test}-summary.json`]: `${JSON.stringify(result, null, 2)}\n`,
  };
}
