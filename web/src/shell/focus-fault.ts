/** Brings the first field that was not accepted into sight and gives it the keyboard, from wherever the form was sent. */
export const focusFirstFault =
  (form: { getInputNode(path: string): HTMLElement | null }) =>
  (errors: Record<string, unknown>): void => {
    const first = Object.keys(errors).find((path) => errors[path]);
    if (first !== undefined) form.getInputNode(first)?.focus();
  };
