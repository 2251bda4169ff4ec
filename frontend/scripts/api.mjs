// Writes src/api/generated/<api>.ts, the types of each service's OpenAPI document. They are not checked in: the
// documents are, and a frontend that no longer fits them does not compile.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const documents = new URL("../../docs/openapi/", import.meta.url);
const target = new URL("../src/api/generated/", import.meta.url);

await mkdir(target, { recursive: true });
for (const file of (await readdir(documents)).filter((name) => name.endsWith(".json"))) {
  const document = JSON.parse(await readFile(new URL(file, documents), "utf8"));
  const types = astToString(await openapiTS(document, { alphabetize: true }));
  const out = new URL(file.replace(/\.json$/, ".ts"), target);
  const text = `// Made from docs/openapi/${file} by scripts/api.mjs.\n${types}`;
  const before = await readFile(out, "utf8").catch(() => "");
  if (before !== text) await writeFile(out, text);
}
