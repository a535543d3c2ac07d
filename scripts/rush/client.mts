/** A small HTTP client for load: kept-alive connections, JSON in and out, never throws for an answer. */
import { Agent, request, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: any;
  readonly tookMs: number;
}

export class Client {
  private readonly agent: Agent;
  private readonly base: URL;

  constructor(baseUrl: string, connections: number) {
    this.base = new URL(baseUrl);
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  get(path: string, token?: string): Promise<Answer> {
    return this.send('GET', path, token);
  }

  post(path: string, body: unknown, token?: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, token, body, headers);
  }

  patch(path: string, body: unknown, token?: string): Promise<Answer> {
    return this.send('PATCH', path, token, body);
  }

  close(): void {
    this.agent.destroy();
  }

  send(
    method: string,
    path: string,
    token?: string,
    body?: unknown,
    extra: Record<string, string> = {},
  ): Promise<Answer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string | number> = { ...extra };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (payload !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = Buffer.byteLength(payload);
    }
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const call = request(
        { host: this.base.hostname, port: this.base.port, method, path, headers, agent: this.agent },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () => {
            const isJson = String(response.headers['content-type']).includes('json');
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: isJson ? JSON.parse(text) : text,
              tookMs: performance.now() - startedAt,
            });
          });
        },
      );
      call.on('error', reject);
      call.end(payload);
    });
  }
}
