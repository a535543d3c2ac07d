const KEPT_MS = 60_000;

/** Has the browser save a file under this name, as if it had been a link. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser reads it after the click: some only once they have asked where to.
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
