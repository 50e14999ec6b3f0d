// Measures pages of a running server with Lighthouse and a local Chromium, prints a table, and fails under the aims.
//
//   node measure.js http://127.0.0.1:8000 [--runs 3] [--desktop]

import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";
import { parseArgs } from "node:util";

const PAGES = {
  home: "/",
  organisation: "/organisation/malmo-kommun",
  statement: "/statement/ny-teknik-office-365-malmo-annan-syn",
  product: "/product/office-365",
  query: "/query",
};
const AIMS = { performance: 95, accessibility: 100, "best-practices": 100, seo: 100 };
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string", default: "3" }, desktop: { type: "boolean", default: false } },
});
const server = positionals[0] ?? "http://127.0.0.1:8000";
const chrome = await launch({ chromePath: process.env.CHROME_PATH ?? "/usr/bin/chromium", chromeFlags: FLAGS });

/** Return the report on `url`. */
async function look(url) {
  const settings = { port: chrome.port, onlyCategories: Object.keys(AIMS), logLevel: "error" };
  return (await lighthouse(url, settings, values.desktop ? desktopConfig : undefined)).lhr;
}

/** Return the scores of a report, and what kept it from more. */
function scores(report) {
  const found = Object.keys(AIMS).map((name) => Math.round(report.categories[name].score * 100));
  const audits = Object.values(report.categories).flatMap((category) => category.auditRefs);
  const failed = audits.filter(({ id, weight }) => weight > 0 && report.audits[id].score !== null);
  const reasons = failed.filter(({ id }) => report.audits[id].score < 0.9).map(({ id }) => id);
  return { found, reasons, transferred: report.audits["total-byte-weight"]?.numericValue ?? 0 };
}

let missed = false;
console.log(`| page | ${Object.keys(AIMS).join(" | ")} | kB | below |\n| --- |${" ---: |".repeat(5)} --- |`);
try {
  for (const [name, path] of Object.entries(PAGES)) {
    const runs = [];
    for (let run = 0; run < Number(values.runs); run++) runs.push(scores(await look(server + path)));
    runs.sort((one, other) => one.found[0] - other.found[0]);
    const median = runs[Math.floor(runs.length / 2)];
    missed ||= Object.values(AIMS).some((aim, index) => median.found[index] < aim);
    const kilobytes = Math.round(median.transferred / 1000);
    console.log(`| ${name} | ${median.found.join(" | ")} | ${kilobytes} | ${median.reasons.join(", ")} |`);
  }
} finally {
  chrome.kill();
}
process.exitCode = missed ? 1 : 0;
