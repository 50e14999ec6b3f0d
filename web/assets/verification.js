// Checks the passages of a source against the reader's copy of its text. Nothing is sent: the page may not connect.
// Texts come from data attributes of the section, so that they are in the reader's language.
import { findPassages, sha256 } from "./passage_search.js";

const MAX_BYTES = 4_000_000; // of a file
const section = document.querySelector("#verification");
const words = section.dataset;
const copy = section.querySelector("#copy");
const summary = section.querySelector("#summary");
const marked = section.querySelector("#marked");
const items = [...document.querySelectorAll(".passage-list > li")];
const passages = items.map(({ dataset }) => ({
  start: Number(dataset.start),
  end: Number(dataset.end),
  digest: dataset.digest,
}));
let runs = 0; // the number of the latest check, whose result alone is shown

section.hidden = false;
document.querySelector("#needs-script").remove();
section.querySelector("#check").addEventListener("click", check);
copy.addEventListener("paste", () => setTimeout(check));
section.querySelector("#file").addEventListener("change", ({ target }) => readFile(target.files[0]));
section.addEventListener("dragover", (event) => event.preventDefault());
section.addEventListener("drop", (event) => {
  const [file] = event.dataTransfer.files;
  if (!file) return; // text dropped on the text area, which the browser puts there
  event.preventDefault();
  readFile(file);
});

async function readFile(file) {
  if (!file) return;
  if (file.size > MAX_BYTES) {
    summary.textContent = words.tooLong;
    return;
  }
  try {
    copy.value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    summary.textContent = words.unreadable;
    return;
  }
  await check();
}

async function check() {
  const run = ++runs;
  const text = copy.value;
  if (!text.trim()) {
    summary.textContent = words.empty;
    return;
  }
  if (!globalThis.crypto?.subtle) {
    summary.textContent = words.insecure;
    return;
  }
  summary.textContent = words.running;
  const { points, places, complete } = await findPassages(text, passages);
  const isIdentical = (await sha256(text)) === words.textDigest;
  if (run !== runs) return;
  showText(points, places);
  items.forEach((item, index) => showVerdict(item, index, places[index]));
  summary.textContent = summarise(places, isIdentical, complete);
}

function summarise(places, isIdentical, complete) {
  const held = places.filter(Boolean).length;
  const moved = places.filter((place) => place?.moved).length;
  const sentences = [];
  if (held === places.length) sentences.push(fill(words.allHold, { total: places.length }));
  else if (held === 0) sentences.push(words.noneHold);
  else sentences.push(fill(words.summary, { held, total: places.length, missing: places.length - held }));
  if (moved) sentences.push(fill(words.movedCount, { moved }));
  if (isIdentical) sentences.push(words.identical);
  if (!complete) sentences.push(words.stopped);
  return sentences.join(" ");
}

function fill(message, values) {
  return message.replace(/#(\w+)/g, (_, name) => values[name].toLocaleString(document.documentElement.lang));
}

function showVerdict(item, index, place) {
  const verdict = item.querySelector(".verdict");
  verdict.className = `verdict ${place ? "holds" : "missing"}`;
  const text = place ? (place.moved ? words.moved : words.holds) : words.missing;
  verdict.textContent = place?.moved ? fill(text, { start: place.start, end: place.end }) : text;
  if (!document.getElementById(`mark-${index}`)) return;
  const link = document.createElement("a");
  link.href = `#mark-${index}`;
  link.textContent = words.show;
  verdict.append(" ", link);
}

/** Shows the reader's text with the passages found marked, and the supposed places of those that were not. */
function showText(points, places) {
  const spans = places.map((place, index) => ({ index, ...(place ?? supposed(places, index)), held: Boolean(place) }));
  const shown = spans.filter(({ start, end }) => start < end && start < points.length);
  const cuts = new Set([0, points.length]);
  for (const { start, end } of shown) cuts.add(start).add(Math.min(end, points.length));
  const bounds = [...cuts].sort((one, other) => one - other);
  const named = new Set();
  const region = marked.querySelector(".marked-text");
  region.replaceChildren();
  for (let at = 0; at + 1 < bounds.length; at += 1) {
    const words_ = points.slice(bounds[at], bounds[at + 1]).join("");
    const over = shown.filter(({ start, end }) => start <= bounds[at] && end > bounds[at]);
    region.append(over.length ? mark(words_, over, named) : words_);
  }
  marked.hidden = false;
}

/** Returns where a passage that was not found should be: between the passages before and after it in the text. */
function supposed(places, index) {
  const known = places.map((place, at) => ({ place, at })).filter(({ place }) => place);
  if (!known.length) return { start: 0, end: 0 };
  const { start, end } = passages[index];
  const before = known.filter(({ at }) => passages[at].start <= start).at(-1) ?? known[0];
  const after = known.find(({ at }) => passages[at].start >= end) ?? before;
  const shift = ({ place, at }) => place.start - passages[at].start;
  return { start: Math.max(start + shift(before), 0), end: Math.max(end + shift(after), 0) };
}

function mark(text, over, named) {
  const element = document.createElement("mark");
  element.className = over.some(({ held }) => held) ? "holds" : "missing";
  element.textContent = text;
  for (const { index } of over) {
    if (named.has(index)) continue;
    named.add(index);
    const anchor = document.createElement("span");
    anchor.id = `mark-${index}`;
    element.prepend(anchor);
  }
  return element;
}
