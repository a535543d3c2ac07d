/** One field of a form that the server did not accept; `pointer` is a JSON pointer such as `/email`. */
export interface FieldFault {
  readonly pointer: string;
  readonly message: string;
}

interface ProblemBody {
  title?: string;
  detail?: string;
  code?: string;
  request_id?: string;
  errors?: FieldFault[];
}

/**
 * A call that the server refused (RFC 9457), or that never reached it (`status` 0).
 * `retryAfterMs` is set when the server said when to come back.
 */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly faults: readonly FieldFault[] = [],
    readonly retryAfterMs?: number,
    readonly requestId?: string,
  ) {
    super(detail || title);
  }

  /** True when the same call may well succeed a moment later: busy, limited, or not reached. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502 || this.retryAfterMs !== undefined;
  }

  /** True when the server was never reached: no network, or it is down. */
  get unreached(): boolean {
    return this.status === 0;
  }
}

/** Makes a `Problem` of whatever a call failed with. */
export function problemFrom(error: unknown, response: Response | undefined): unknown {
  if (error instanceof Problem || (error instanceof DOMException && error.name === 'AbortError'))
    return error;
  if (response === undefined) return new Problem(0, 'unreached', 'The server cannot be reached', '');
  const body: ProblemBody = typeof error === 'object' && error !== null ? error : {};
  return new Problem(
    response.status,
    body.code ?? `http-${response.status}`,
    body.title ?? '',
    body.detail ?? '',
    body.errors ?? [],
    retryAfter(response.headers.get('Retry-After')),
    body.request_id,
  );
}

function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

/** The messages of a refused form by field name, as Mantine's forms take them. */
export function faultsByField(problem: unknown): Record<string, string> {
  if (!(problem instanceof Problem)) return {};
  const named = problem.faults.map((fault) => [
    fault.pointer.replace(/^\//, '').replaceAll('/', '.'),
    sentence(fault.message),
  ]);
  return Object.fromEntries(named) as Record<string, string>;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
