import type { LightMyRequestResponse } from 'fastify';
import { problemIn } from './problems';
import type { Route } from './routes';

const LIMIT_MS = 1_000;

type Ask = () => Promise<LightMyRequestResponse>;

/**
 * What is wrong with an answer, in words; undefined when nothing is. Nothing ever is a 5xx; a refusal is a problem document;
 * its status is one that the route's document names, or one of `besides`; it is there within a second. A machine that is
 * busy with something else gets a second try at that.
 */
export async function faultIn(
  route: Route,
  ask: Ask,
  besides: readonly number[] = [],
): Promise<string | undefined> {
  let startedAt = performance.now();
  const answer = await ask();
  const { statusCode, body } = answer;
  if (performance.now() - startedAt > LIMIT_MS) {
    startedAt = performance.now();
    await ask();
    const ms = performance.now() - startedAt;
    if (ms > LIMIT_MS) return `took ${Math.round(ms)} ms`;
  }
  if (statusCode >= 500) return `${statusCode} ${body.slice(0, 200)}`;
  if (![...route.statuses, ...besides].includes(statusCode)) return `${statusCode}, which is in no document`;
  if (statusCode < 400) return undefined;
  try {
    problemIn(answer);
    return undefined;
  } catch (fault) {
    return (fault as Error).message;
  }
}

/** Asks with each input, and answers what was wrong with which. */
export async function faultsOf(
  route: Route,
  inputs: readonly string[],
  ask: (input: string) => ReturnType<Ask>,
  besides: readonly number[] = [],
): Promise<string[]> {
  const wrong: string[] = [];
  for (const input of inputs) {
    const fault = await faultIn(route, () => ask(input), besides);
    if (fault !== undefined) wrong.push(`${input.slice(0, 80)} → ${fault}`);
  }
  return wrong;
}
