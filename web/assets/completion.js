// Completions for the query editor, by where the cursor stands: the terms and entities of the graph by name or
// label, those first that the shapes allow there, and variables and keywords.
import { declaredPrefixes, knownClasses, readContext, tokenize } from "./cursor_context.js";

const CLAUSES = (
  "SELECT CONSTRUCT DESCRIBE ASK WHERE DISTINCT FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER BIND VALUES EXISTS " +
  "PREFIX BASE LIMIT OFFSET HAVING UNDEF IN NOT AS DESC ASC"
).split(" ");
const FUNCTIONS = (
  "COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT LANG LANGMATCHES DATATYPE BOUND COALESCE REGEX REPLACE CONTAINS " +
  "STRSTARTS STRENDS STR STRLEN LCASE UCASE CONCAT YEAR MONTH DAY NOW IF"
).split(" ");
const PHRASES = ["GROUP BY", "ORDER BY"];
const IN_GROUPS = new Set("GRAPH OPTIONAL UNION MINUS FILTER BIND VALUES SELECT EXISTS NOT".split(" "));
const FITS = 20; // by how much a term is preferred that the shapes allow where the cursor stands
const OURS = 4; // by how much a term of our vocabulary is
const BOOSTS = { namespace: -30 };

const BY_NAME = /^\p{L}[\p{L}\w-]{2,}$/u; // texts that entities are searched for
const TYPES = {
  class: ["class", "namespace"],
  predicate: ["property", "namespace"],
  object: ["enum", "namespace"],
  subject: ["namespace"],
};

// Returns a completion source for CodeMirror. `termsUrl` is that of the terms of the graph, which are loaded when
// they are first needed; `searchUrl` is that of suggestions of entities, or undefined if there is no search.
export function completionSource(termsUrl, searchUrl, language) {
  let loaded;
  return async (context) => {
    const match = context.matchBefore(/[?$]\w*|<[^\s<>]*|[\p{L}\w-]*:[\p{L}\w/-]*|[\p{L}\w-]+/u);
    if (!match && !context.explicit) return null;
    const { from, text: typed } = match ?? { from: context.pos, text: "" };
    const query = context.state.doc.toString();
    if (/^[?$]/.test(typed)) return { from, options: variableOptions(query, typed), validFor: /^[?$]\w*$/ };
    if (!context.explicit && typed.length < 2) return null;
    loaded ??= loadTerms(termsUrl, language).catch(() => ((loaded = undefined), NOTHING));
    const vocabulary = await loaded;
    const place = readPlace(query, from, context.pos, vocabulary);
    const isName = typed.includes(":") || typed.startsWith("<");
    const options = termOptions(place, typed, query, vocabulary);
    if (!isName) options.push(...keywordOptions(place.role), ...otherOptions(place.role, query));
    const takesEntity = place.role === "object" || place.role === "subject";
    const entities =
      searchUrl && takesEntity && BY_NAME.test(typed) ? await entityOptions(searchUrl, typed, language) : [];
    if (context.aborted) return null;
    options.push(...entities);
    return { from, options, validFor: entities.length ? undefined : /^[\p{L}\w:<>/#.-]*$/u };
  };
}

// Returns the role of what is typed between `from` and `to`, and what the shapes allow there.
function readPlace(query, from, to, { contexts, above }) {
  const before = tokenize(query.slice(0, from));
  const whole = tokenize(`${query.slice(0, from)} ${query.slice(to)}`);
  const prefixes = declaredPrefixes(whole);
  const expand = (term) => {
    if (term?.startsWith("<")) return term.slice(1, -1);
    const [prefix, local] = term?.split(":") ?? [];
    return local !== undefined && prefixes[prefix] !== undefined ? prefixes[prefix] + local : undefined;
  };
  const { role, subject, predicate } = readContext(before);
  const classesOf = knownClasses(readContext(whole).triples, contexts, expand);
  const classes = classesOf(subject).flatMap((each) => [each, ...(above[each] ?? [])]);
  return { role, classes, context: contexts[expand(predicate)], prefixes };
}

function termOptions({ role, classes, context, prefixes }, typed, query, { terms, contexts }) {
  if (role === "prefix") return terms.filter((term) => term.type === "namespace").map(prefixOption);
  const types = TYPES[role] ?? (role === "keyword" && typed.includes(":") ? Object.values(TYPES).flat() : []);
  return terms
    .filter(({ type, prefix }) => types.includes(type) && (typed || type !== "namespace" || !prefixes[prefix]))
    .filter((term) => term.type !== "enum" || !context?.codes.length || isCodeOf(term, context))
    .map((term) => {
      const fits =
        (role === "predicate" && contexts[term.iri]?.classes.some((each) => classes.includes(each))) ||
        (role === "object" && context && isCodeOf(term, context));
      return termOption(term, typed, query, fits ? FITS : 0);
    });
}

function isCodeOf({ iri }, { codes }) {
  return codes.some((list) => iri?.startsWith(`${list}/`));
}

function keywordOptions(role) {
  const option = (label) => ({ label, type: "keyword" });
  if (role === "keyword") return [...CLAUSES, ...FUNCTIONS, ...PHRASES].map(option);
  return role === "subject" || role === "end" ? CLAUSES.filter((each) => IN_GROUPS.has(each)).map(option) : [];
}

function otherOptions(role, query) {
  const boost = role === "keyword" || role === "subject" ? 10 : -20;
  const variables = role === "prefix" ? [] : variableOptions(query, "").map((each) => ({ ...each, boost }));
  return role === "predicate" ? [{ label: "a", type: "keyword", boost: 30 }, ...variables] : variables;
}

async function entityOptions(searchUrl, prefix, language) {
  const response = await fetch(`${searchUrl}?limit=8&prefix=${encodeURIComponent(prefix)}`).catch(() => undefined);
  if (!response?.ok) return [];
  const { suggestions } = await response.json();
  const ofSite = document.body.dataset.languages.split(" ");
  return suggestions.map(({ id, labels, kindLabels }) => ({
    label: [language, "", ...ofSite, ...Object.keys(labels)].map((tag) => labels[tag]).find(Boolean) ?? id,
    detail: kindLabels[language] ?? Object.values(kindLabels)[0],
    type: "constant",
    apply: `<${id}>`,
  }));
}

function variableOptions(query, typed) {
  const variables = new Set(query.match(/[?$]\w+/g));
  variables.delete(typed);
  return [...variables].map((label) => ({ label, type: "variable" }));
}

const NOTHING = { terms: [], contexts: {}, above: {} };

async function loadTerms(url, language) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(String(response.status));
  const { prefixes, ours, properties, classes, codes, contexts, superclasses } = await response.json();
  const namespaces = Object.entries(prefixes).sort(([, first], [, second]) => second.length - first.length);
  const read = (terms, type) => terms.map((term) => ({
    ...readTerm(term, type, namespaces, language),
    isOurs: ours.some((namespace) => term.iri.startsWith(namespace)),
  }));
  const terms = [
    ...read(properties, "property"),
    ...read(classes, "class"),
    ...read(codes, "enum"),
    ...namespaces.map(([prefix, namespace]) => ({
      prefix,
      namespace,
      localName: "",
      type: "namespace",
      label: namespace,
      note: "",
      count: 0,
    })),
  ];
  return { terms, contexts, above: superclasses };
}

// Returns a term with its label in the language, and with a prefix if its IRI can be written with one.
function readTerm({ iri, labels, notes, count }, type, namespaces, language) {
  const [prefix, namespace] = namespaces.find(([, start]) => iri.startsWith(start)) ?? [];
  const localName = namespace && iri.slice(namespace.length);
  const hasPrefix = localName && /^[\p{L}\w-]+$/u.test(localName);
  const pick = (texts) => texts[language] ?? texts[""] ?? Object.values(texts)[0] ?? "";
  return {
    iri,
    prefix: hasPrefix ? prefix : undefined,
    namespace,
    localName,
    count,
    type,
    label: pick(labels),
    note: pick(notes),
  };
}

// CodeMirror compares what is typed with `label`: the name of the term if it begins like that, else its label.
function termOption(term, typed, query, preference) {
  const isOurs = term.isOurs;
  const name = term.prefix ? `${term.prefix}:${term.localName}` : `<${term.iri}>`;
  const byName =
    (!typed && term.type !== "enum") ||
    typed.includes(":") || typed.startsWith("<") || (typed && name.toLowerCase().startsWith(typed.toLowerCase()));
  return {
    label: byName || !term.label ? name : term.label,
    detail: byName ? term.label : name,
    info: term.note || undefined,
    type: term.type,
    boost: Math.min(Math.log10(term.count + 1), 9) + preference + (BOOSTS[term.type] ?? 0) + (isOurs ? OURS : 0),
    apply: (view, completion, from, to) => insertTerm(view, term, name, query, from, to),
  };
}

function prefixOption({ prefix, namespace }) {
  return { label: `${prefix}:`, detail: namespace, type: "namespace", apply: `${prefix}: <${namespace}>` };
}

// Inserts the name of a term, and at the top of the query the declaration of its prefix if that is missing.
function insertTerm(view, { prefix, namespace }, name, query, from, to) {
  const changes = [{ from, to, insert: name }];
  const isDeclared = new RegExp(`prefix\\s+${prefix}:`, "i").test(query);
  if (prefix && !isDeclared) changes.unshift({ from: 0, insert: `PREFIX ${prefix}: <${namespace}>\n` });
  const end = changes.reduce((sum, change) => sum + change.insert.length, from);
  view.dispatch({ changes, selection: { anchor: end }, userEvent: "input.complete" });
}
