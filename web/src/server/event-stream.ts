import { fetchSignedIn } from './client';
import { problemFrom } from './problem';

const LONGEST_SILENCE_MS = 40_000;

/**
 * Reads Server-Sent Events with the bearer token, which `EventSource` cannot send. Calls `onMessage` with the parsed
 * JSON of each message, `onOpen` once it stands; ends when the server closes it. Throws a `Problem` when it does not
 * come about, and whatever `fetch` throws when it breaks off or `signal` stops it.
 */
export async function readEventStream(
  path: string,
  signal: AbortSignal,
  onOpen: () => void,
  onMessage: (data: unknown) => void,
): Promise<void> {
  const silence = new AbortController();
  const headers = { Accept: 'text/event-stream' };
  const request = new Request(path, {
    headers,
    cache: 'no-store',
    signal: AbortSignal.any([signal, silence.signal]),
  });
  const response = await fetchSignedIn(request);
  if (!response.ok || response.body === null)
    throw problemFrom(await response.json().catch(() => ({})), response);
  onOpen();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    // A connection that died without a word never ends by itself; the server sends a sign of life every 15 seconds.
    const watch = setTimeout(() => silence.abort(), LONGEST_SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(watch));
    if (done) return;
    const messages = (rest + value.replaceAll('\r', '')).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const data = message
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n');
      if (data !== '') onMessage(JSON.parse(data));
    }
  }
}
