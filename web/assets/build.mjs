// Bundles what the pages run in a browser into static/built, each file named by its content.
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = join(here, "..", "static", "built");
const fresh = `${target}.${process.pid}`;

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
const { metafile } = await build({
  entryPoints: ["answer.js", "editor.js", "network.js"].map((name) => join(here, name)),
  outdir: fresh,
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
await writeFile(join(fresh, "names.json"), `${JSON.stringify(names, null, 1)}\n`);
await rm(target, { recursive: true, force: true });
await rename(fresh, target);
for (const name of Object.values(names)) {
  console.log(`${name}: ${(await readFile(join(target, name))).length} bytes`);
}
