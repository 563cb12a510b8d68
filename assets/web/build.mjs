// Builds dist/ from src/: the site's script and style, the console's, the beacon, the pictures as they are. Whole or not at all: dist is replaced at the end.
import { build } from "esbuild";
import { cp, mkdir, rename, rm } from "node:fs/promises";

const draft = new URL("./dist.part/", import.meta.url), dist = new URL("./dist/", import.meta.url);
await rm(draft, { recursive: true, force: true });
await mkdir(draft);
await build({
  entryPoints: { site: "src/site.ts", console: "src/console.ts" }, outdir: draft.pathname, bundle: true, minify: true, format: "esm", target: ["es2020", "safari14"],
  absWorkingDir: new URL(".", import.meta.url).pathname, logLevel: "warning", legalComments: "none",
});
// The beacon stands alone, on any page, so it is a script of its own that leaves no name behind.
await build({
  entryPoints: { beacon: "src/beacon.ts" }, outdir: draft.pathname, bundle: true, minify: true, format: "iife", target: ["es2020", "safari14"],
  absWorkingDir: new URL(".", import.meta.url).pathname, logLevel: "warning", legalComments: "none",
});
// What plays HLS where a browser does not: loaded only then, so it is no part of the site's script.
await build({
  entryPoints: { hls: "src/hls.ts" }, outdir: draft.pathname, bundle: true, minify: true, format: "esm", target: ["es2020", "safari14"],
  absWorkingDir: new URL(".", import.meta.url).pathname, logLevel: "warning", legalComments: "none",
});
await cp(new URL("./node_modules/hls.js/LICENSE", import.meta.url), new URL("hls.LICENSE.txt", draft));
// Only made small: older targets would rewrite colours and nesting the style does not use.
await build({
  entryPoints: { site: "src/site.css", console: "src/console.css" }, outdir: draft.pathname, minify: true, absWorkingDir: new URL(".", import.meta.url).pathname, logLevel: "warning",
});
await cp(new URL("./src/mark.svg", import.meta.url), new URL("mark.svg", draft));
await rm(dist, { recursive: true, force: true });
await rename(draft, dist);
