export async function inspectCommand(_file: string, _flags: { json?: boolean }): Promise<number> {
  return 0;
}
