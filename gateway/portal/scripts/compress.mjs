// Writes .gz and .br beside every file of dist/ that gets smaller, once, at build time, so that the
// gateway only chooses a file. The manifest is for the size check: it leaves the served folder.
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const compressible = /\.(html|js|css|svg|json|txt)$/;

function* filesOf(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesOf(path);
    else yield path;
  }
}

renameSync(join(dist, "manifest.json"), new URL("../node_modules/.manifest.json", import.meta.url));

for (const path of filesOf(dist)) {
  if (!compressible.test(path)) continue;
  const bytes = readFileSync(path);
  const made = {
    gz: gzipSync(bytes, { level: 9 }),
    br: brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  };
  for (const [ending, smaller] of Object.entries(made)) {
    if (smaller.length < bytes.length) writeFileSync(`${path}.${ending}`, smaller);
  }
}
