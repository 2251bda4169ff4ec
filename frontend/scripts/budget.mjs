// Fails the build when a page would load more JavaScript than it may. Counted is what the browser fetches before the
// page can be used: the entry, the page's own chunk, and everything that these import, compressed.
import { readFile, stat } from "node:fs/promises";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));

/** Compressed kilobytes (1,000 bytes) that the page of a source file may load. */
const budgets = { "src/shop/home/HomePage.tsx": 150, "src/shop/checkout/CheckoutPage.tsx": 200 };

function reach(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const imported of chunk.imports ?? []) reach(imported, seen);
  return seen;
}

async function compressed(file, extension) {
  const path = new URL(file, dist);
  return (await stat(new URL(`${path}.${extension}`)).catch(() => stat(path))).size;
}

let failed = false;
for (const [page, limit] of Object.entries(budgets)) {
  if (!manifest[page]) continue;
  const files = [...reach(page, reach("index.html"))].filter((file) => file.endsWith(".js"));
  const sizes = { br: 0, gz: 0 };
  for (const file of files) for (const kind of ["br", "gz"]) sizes[kind] += await compressed(file, kind);
  const [br, gz] = [sizes.br / 1000, sizes.gz / 1000];
  console.log(`${page}: ${files.length} files, ${br.toFixed(1)} kB brotli, ${gz.toFixed(1)} kB gzip, of ${limit} kB`);
  // Every browser that can run this takes brotli.
  if (br > limit) {
    console.error(
      `budget: ${page} is ${(br - limit).toFixed(1)} kB over; move what it does not need at once into an import()`,
    );
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
