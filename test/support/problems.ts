import type { LightMyRequestResponse } from 'fastify';

/**
 * The refusal that an answer is: its status and code. Throws when it is none, says something of our inside, or is a
 * problem document that does not hold together.
 */
export function problemIn(answer: LightMyRequestResponse): { status: number; code: string } {
  const { statusCode, headers, body } = answer;
  const say = (fault: string) =>
    new Error(`${fault}: ${statusCode} ${headers['content-type']} ${body.slice(0, 300)}`);
  if (statusCode < 400 || statusCode > 499) throw say('not refused');
  if (headers['content-type'] !== 'application/problem+json; charset=utf-8') throw say('no problem document');
  const problem = JSON.parse(body) as Record<string, unknown>;
  for (const field of ['type', 'title', 'status', 'detail', 'instance', 'code', 'request_id', 'errors']) {
    if (!(field in problem)) throw say(`no ${field}`);
  }
  if (problem.status !== statusCode || !String(problem.type).endsWith(`/${String(problem.code)}`))
    throw say('contradicts itself');
  if (String(problem.instance).includes('?')) throw say('repeats the query');
  if (/\bat \S+:\d+|node_modules|SELECT |INSERT |UPDATE |QueryFailed|syntax error at/.test(body))
    throw say('shows our inside');
  return { status: statusCode, code: String(problem.code) };
}
