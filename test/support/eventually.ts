/** Calls `check` until it no longer throws, and answers what it answers. Throws its last failure after `limitMs`. */
export async function eventually<T>(check: () => T | Promise<T>, limitMs = 5_000, everyMs = 25): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (failure) {
      if (Date.now() >= deadline) throw failure;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}
