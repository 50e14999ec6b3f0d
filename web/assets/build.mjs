// Bundles the scripts that need packages into static/built, each file named by a digest of its content.
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = fileURLToPath(new URL(".", import.meta.url));
const target = join(folder, "..", "static", "built");
const temporary = `${target}.${process.pid}`;

await rm(temporary, { recursive: true, force: true });
await mkdir(temporary, { recursive: true });
const { metafile } = await build({
  entryPoints: ["editor.js", "graph_view.js", "stored_query.js", "verification.js"].map((name) => join(folder, name)),
  outdir: temporary,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "linked",
  metafile: true,
});
const names = {};
for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
  if (entryPoint) names[basename(entryPoint)] = basename(path);
}
await writeFile(join(temporary, "names.json"), `${JSON.stringify(names, null, 1)}\n`);
await rm(target, { recursive: true, force: true });
await rename(temporary, target);
for (const name of Object.values(names)) {
  console.log(`${name}: ${(await readFile(join(target, name))).length} bytes`);
}
