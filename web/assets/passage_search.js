// Finds passages in a copy of a source's text: by their position, or else anywhere by their digest.
// A passage is a span of code points and the SHA-256 of its words after NFC, with white space folded and the ends
// trimmed, as in graph/ingest/passages.py.

const MAX_DIGESTS = 400_000; // computed in a search by digest; more would take minutes
const MAX_FOLDED = 4; // code points of white space that a copy may lack within a passage
const BATCH = 400; // digests computed at once
// What Python's str.split() takes as white space: not the same as \s.
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const SPACES = new RegExp(SPACE.source, "g");
const WORD = /[\p{L}\p{N}]/u;
const encoder = new TextEncoder();

/** Returns the lower-case hex SHA-256 of `text` as it stands. */
export async function sha256(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Returns the digest of the words of a passage. */
export function passageDigest(words) {
  return sha256(words.normalize("NFC").replace(SPACES, " ").replace(/ +/g, " ").replace(/^ | $/g, ""));
}

/**
 * Finds each of `passages` ({start, end, digest}) in `text`.
 *
 * Returns {points, places, complete}: the code points searched, for each passage {start, end, moved} or null, and
 * whether the search went through the whole text.
 */
export async function findPassages(text, passages) {
  let points = Array.from(text);
  let places = await findByPosition(points, passages);
  const composed = text.normalize("NFC");
  if (composed !== text && places.includes(null)) {
    points = Array.from(composed);
    places = await findByPosition(points, passages);
  }
  const complete = await findByDigest(points, passages, places);
  return { points, places, complete };
}

function findByPosition(points, passages) {
  return Promise.all(
    passages.map(async ({ start, end, digest }) => {
      if (end > points.length) return null;
      const found = await passageDigest(points.slice(start, end).join(""));
      return found === digest ? { start, end, moved: false } : null;
    }),
  );
}

/** Fills in the null among `places` by their digests; returns false if the search was broken off. */
async function findByDigest(points, passages, places) {
  const wanted = new Map(); // digest → indices of passages
  for (const [index, { digest }] of passages.entries()) {
    if (!places[index]) wanted.set(digest, [...(wanted.get(digest) ?? []), index]);
  }
  if (!wanted.size) return true;
  const folded = fold(points);
  const hits = new Map(); // digest → spans
  let computed = 0;
  for await (const { first, last, digest } of candidates(folded, passages, places)) {
    if (wanted.has(digest)) hits.set(digest, [...(hits.get(digest) ?? []), { first, last }]);
    computed += 1;
    if (computed >= MAX_DIGESTS) break;
  }
  for (const [digest, indices] of wanted) {
    for (const index of indices) {
      const span = nearest(hits.get(digest) ?? [], passages[index].start, folded.origins);
      if (span) places[index] = { ...span, moved: true };
    }
  }
  return computed < MAX_DIGESTS;
}

/** Returns the code points with each run of white space as one space, and where each came from. */
function fold(points) {
  const signs = [];
  const origins = [];
  for (const [index, point] of points.entries()) {
    const sign = SPACE.test(point) ? " " : point;
    if (sign === " " && (!signs.length || signs.at(-1) === " ")) continue;
    signs.push(sign);
    origins.push(index);
  }
  return { signs, origins };
}

/** Yields the digests of spans that begin and end between words and are as long as a passage not yet found. */
async function* candidates({ signs }, passages, places) {
  const isBreak = (at) => !(at > 0 && at < signs.length && WORD.test(signs[at - 1]) && WORD.test(signs[at]));
  const breaks = Array.from({ length: signs.length + 1 }, (_, at) => isBreak(at));
  const lengths = new Set(passages.filter((_, index) => !places[index]).map(({ start, end }) => end - start));
  const tried = new Set();
  let batch = [];
  for (const length of lengths) {
    for (let folded = 0; folded <= MAX_FOLDED && folded < length; folded += 1) {
      if (tried.has(length - folded)) continue;
      tried.add(length - folded);
      for (let first = 0; first + length - folded <= signs.length; first += 1) {
        const last = first + length - folded;
        if (!breaks[first] || !breaks[last] || signs[first] === " " || signs[last - 1] === " ") continue;
        batch.push({ first, last });
        if (batch.length < BATCH) continue;
        yield* await digests(signs, batch);
        batch = [];
      }
    }
  }
  yield* await digests(signs, batch);
}

function digests(signs, spans) {
  return Promise.all(
    spans.map(async ({ first, last }) => ({
      first,
      last,
      digest: await passageDigest(signs.slice(first, last).join("")),
    })),
  );
}

/** Returns the span, in positions of the text, that begins nearest to `start`. */
function nearest(spans, start, origins) {
  const found = spans.map(({ first, last }) => ({ start: origins[first], end: origins[last - 1] + 1 }));
  return found.sort((one, other) => Math.abs(one.start - start) - Math.abs(other.start - start))[0];
}
