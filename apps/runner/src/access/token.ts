import { randomBytes } from "node:crypto";
import { chmod, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

const form = /^[\w-]{43}$/;

/**
 * The token of a data folder: 256 random bits in base64url, made once and kept in its file `token`, which only its owner may read. That it stays
 * the same lets a browser that was let in once come back after a restart.
 */
export async function loadToken(dataDir: string): Promise<string> {
  const file = join(dataDir, "token");
  const known = await readFile(file, "utf8").catch(() => "");
  if (form.test(known.trim())) {
    await chmod(file, 0o600);
    return known.trim();
  }
  const token = randomBytes(32).toString("base64url");
  const temporary = `${file}.${process.pid}`;
  const handle = await open(temporary, "w", 0o600);
  try {
    await handle.writeFile(`${token}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  return token;
}
