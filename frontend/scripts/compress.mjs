// Puts a .br and a .gz beside every file of dist that gets smaller by it: the storefront has no time for that later.
import { readdir, readFile, unlink, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const compressible = /\.(html|js|css|svg|json|txt|webmanifest)$/;

for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !compressible.test(entry.name)) continue;
  const path = `${entry.parentPath}/${entry.name}`;
  const bytes = await readFile(path);
  const made = {
    br: brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
    gz: gzipSync(bytes, { level: 9 }),
  };
  for (const [extension, small] of Object.entries(made)) {
    if (small.length < bytes.length * 0.95) await writeFile(`${path}.${extension}`, small);
    else await unlink(`${path}.${extension}`).catch(() => undefined);
  }
}
