// Completions for the query editor: variables, keywords, and the terms and entities of the graph by name or label.
const KEYWORDS = (
  "SELECT CONSTRUCT DESCRIBE ASK WHERE DISTINCT FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER BIND VALUES EXISTS " +
  "PREFIX BASE LIMIT OFFSET HAVING COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT UNDEF IN NOT AS DESC ASC " +
  "LANG LANGMATCHES DATATYPE BOUND COALESCE REGEX REPLACE CONTAINS STRSTARTS STRENDS STR STRLEN LCASE UCASE " +
  "CONCAT YEAR MONTH DAY NOW"
).split(" ");
const PHRASES = ["GROUP BY", "ORDER BY"];

const BY_NAME = /^\p{L}[\p{L}\w-]{2,}$/u; // texts that entities are searched for

// Returns a completion source for CodeMirror. `termsUrl` is that of the terms of the graph, which are loaded when
// they are first needed; `searchUrl` is that of suggestions of entities, or undefined if there is no search.
export function completionSource(termsUrl, searchUrl, language) {
  let terms;
  return async (context) => {
    const match = context.matchBefore(/[?$]\w*|<[^\s<>]*|[\p{L}\w-]*:[\p{L}\w/-]*|[\p{L}\w-]+/u);
    if (!match && !context.explicit) return null;
    const { from, text: typed } = match ?? { from: context.pos, text: "" };
    const query = context.state.doc.toString();
    if (/^[?$]/.test(typed)) return { from, options: variableOptions(query, typed), validFor: /^[?$]\w*$/ };
    if (!context.explicit && typed.length < 2) return null;
    terms ??= loadTerms(termsUrl, language).catch(() => ((terms = undefined), []));
    const options = (await terms).map((term) => termOption(term, typed, query));
    if (!typed.includes(":") && !typed.startsWith("<")) {
      options.push(...[...KEYWORDS, ...PHRASES].map((label) => ({ label, type: "keyword" })));
    }
    const entities = searchUrl && BY_NAME.test(typed) ? await entityOptions(searchUrl, typed, language) : [];
    if (context.aborted) return null;
    options.push(...entities);
    return { from, options, validFor: entities.length ? undefined : /^[\p{L}\w:<>/#.-]*$/u };
  };
}

async function entityOptions(searchUrl, prefix, language) {
  const response = await fetch(`${searchUrl}?limit=8&prefix=${encodeURIComponent(prefix)}`).catch(() => undefined);
  if (!response?.ok) return [];
  const { suggestions } = await response.json();
  return suggestions.map(({ id, labels, kindLabels }) => ({
    label: labels[language] ?? labels.sv ?? Object.values(labels)[0] ?? id,
    detail: kindLabels[language],
    type: "constant",
    apply: `<${id}>`,
  }));
}

function variableOptions(query, typed) {
  const variables = new Set(query.match(/[?$]\w+/g));
  variables.delete(typed);
  return [...variables].map((label) => ({ label, type: "variable" }));
}

async function loadTerms(url, language) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(String(response.status));
  const { prefixes, properties, classes, codes } = await response.json();
  const namespaces = Object.entries(prefixes).sort(([, first], [, second]) => second.length - first.length);
  const read = (terms, type) => terms.map((term) => readTerm(term, type, namespaces, language));
  return [
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
function termOption(term, typed, query) {
  const name = term.prefix ? `${term.prefix}:${term.localName}` : `<${term.iri}>`;
  const byName =
    typed.includes(":") || typed.startsWith("<") || name.toLowerCase().startsWith(typed.toLowerCase());
  return {
    label: byName || !term.label ? name : term.label,
    detail: byName ? term.label : name,
    info: term.note || undefined,
    type: term.type,
    boost: Math.min(Math.log10(term.count + 1), 9),
    apply: (view, completion, from, to) => insertTerm(view, term, name, query, from, to),
  };
}

// Inserts the name of a term, and at the top of the query the declaration of its prefix if that is missing.
function insertTerm(view, { prefix, namespace }, name, query, from, to) {
  const changes = [{ from, to, insert: name }];
  const isDeclared = new RegExp(`prefix\\s+${prefix}:`, "i").test(query);
  if (prefix && !isDeclared) changes.unshift({ from: 0, insert: `PREFIX ${prefix}: <${namespace}>\n` });
  const end = changes.reduce((sum, change) => sum + change.insert.length, from);
  view.dispatch({ changes, selection: { anchor: end }, userEvent: "input.complete" });
}
