/**
 * Whether `call` settles, well or badly, before a timer of `limitMs` that starts beside it.
 * The timer runs on the same event loop, so a machine that stands still delays both and changes nothing: what is
 * measured is how long the call was made to wait, not how busy the machine is.
 */
export async function endsWithin(limitMs: number, call: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), limitMs)));
  const ended = call.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}
