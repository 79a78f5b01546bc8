/** What a file turned out to be: lines for people, and the same as data. */
export interface FileReport {
  readonly lines: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}
