import { Agent, request, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Nobody knows whether the request arrived, or what became of it. */
export class NoAnswer extends Error {
  constructor(
    readonly code: string,
    /** Whether it went out on a connection that had been used before. */
    readonly reused: boolean,
  ) {
    super(code);
  }
}

/** Kept-alive connections to one process, as a browser or a proxy holds them. */
export class Caller {
  private readonly agent: Agent;

  constructor(
    private readonly base: string,
    private readonly limitMs: number,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Rejects with `NoAnswer` when the connection breaks or nothing comes within the limit. */
  post(path: string, headers: Record<string, string>, body: unknown): Promise<Answer> {
    const text = JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const call = request(`${this.base}${path}`, {
        method: 'POST',
        agent: this.agent,
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        },
      });
      const limit = setTimeout(() => call.destroy(new Error('ETIMEDOUT')), this.limitMs);
      const fail = (error: NodeJS.ErrnoException) => {
        clearTimeout(limit);
        reject(new NoAnswer(error.code ?? error.message, call.reusedSocket));
      };
      call.on('error', fail);
      call.on('response', (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (answer += chunk));
        response.on('error', fail);
        response.on('end', () => {
          clearTimeout(limit);
          resolve({ status: response.statusCode!, headers: response.headers, text: answer });
        });
      });
      call.end(text);
    });
  }

  /** Connections that it holds now, in use or kept alive. */
  get connections(): number {
    const held = [this.agent.sockets, this.agent.freeSockets].flatMap((some) => Object.values(some).flat());
    return held.length;
  }

  close(): void {
    this.agent.destroy();
  }
}
