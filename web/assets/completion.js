// Completes variables of the query, keywords, and the words of this graph, by their names or their labels.
const KEYWORDS = (
  "SELECT CONSTRUCT DESCRIBE ASK WHERE DISTINCT FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER BIND VALUES EXISTS " +
  "PREFIX BASE LIMIT OFFSET HAVING COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT UNDEF IN NOT AS DESC ASC " +
  "LANG LANGMATCHES DATATYPE BOUND COALESCE REGEX REPLACE CONTAINS STRSTARTS STRENDS STR STRLEN LCASE UCASE " +
  "CONCAT YEAR MONTH DAY NOW"
).split(" ");
const PHRASES = ["GROUP BY", "ORDER BY"];

// Returns a source of completions from the document at `address`, which is got once, the first time it is needed,
// and of the entities that `search` suggests for the beginning of a name, where there is a search.
export function completing(address, search, language) {
  let words;
  return async (context) => {
    const typed = context.matchBefore(/[?$]\w*|<[^\s<>]*|[\p{L}\w-]*:[\p{L}\w/-]*|[\p{L}\w-]+/u);
    if (!typed && !context.explicit) return null;
    const from = typed ? typed.from : context.pos;
    const start = typed ? typed.text : "";
    const text = context.state.doc.toString();
    if (/^[?$]/.test(start)) return { from, options: variables(text, start), validFor: /^[?$]\w*$/ };
    if (!context.explicit && start.length < 2) return null;
    words ??= fetch(address)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then((terms) => read(terms, language))
      .catch(() => ((words = undefined), []));
    const options = (await words).map((word) => option(word, start, text));
    if (!start.includes(":") && !start.startsWith("<")) {
      options.push(...[...KEYWORDS, ...PHRASES].map((label) => ({ label, type: "keyword" })));
    }
    const entities =
      search && /^\p{L}[\p{L}\w-]{2,}$/u.test(start) ? await named(search, start, language) : [];
    if (context.aborted) return null;
    options.push(...entities);
    return { from, options, validFor: entities.length ? undefined : /^[\p{L}\w:<>/#.-]*$/u };
  };
}

async function named(search, start, language) {
  const answer = await fetch(`${search}?limit=8&prefix=${encodeURIComponent(start)}`).catch(() => undefined);
  if (!answer?.ok) return [];
  const { suggestions } = await answer.json();
  return suggestions.map(({ id, labels, kindLabels }) => ({
    label: labels[language] ?? labels.sv ?? Object.values(labels)[0] ?? id,
    detail: kindLabels[language],
    type: "constant",
    apply: `<${id}>`,
  }));
}

function variables(text, typed) {
  const found = new Set(text.match(/[?$]\w+/g));
  found.delete(typed);
  return [...found].map((label) => ({ label, type: "variable" }));
}

function read(terms, language) {
  const spaces = Object.entries(terms.prefixes).sort(([, one], [, other]) => other.length - one.length);
  const named = (of, type) =>
    of.map(({ iri, labels, notes, count }) => {
      const [prefix, space] = spaces.find(([, each]) => iri.startsWith(each)) ?? [];
      const local = space && iri.slice(space.length);
      const whole = !local || !/^[\p{L}\w-]+$/u.test(local);
      const said = (by) => by[language] ?? by[""] ?? Object.values(by)[0] ?? "";
      return {
        iri,
        prefix: whole ? undefined : prefix,
        space,
        local,
        count,
        type,
        label: said(labels),
        note: said(notes),
      };
    });
  return [
    ...named(terms.properties, "property"),
    ...named(terms.classes, "class"),
    ...named(terms.codes, "enum"),
    ...spaces.map(([prefix, space]) => ({
      prefix,
      space,
      local: "",
      type: "namespace",
      label: space,
      note: "",
      count: 0,
    })),
  ];
}

// What is typed is looked for in `label`: the name, or where the name begins otherwise, the word a reader would use.
function option(word, typed, text) {
  const name = word.prefix ? `${word.prefix}:${word.local}` : `<${word.iri}>`;
  const byName =
    typed.includes(":") || typed.startsWith("<") || name.toLowerCase().startsWith(typed.toLowerCase());
  return {
    label: byName || !word.label ? name : word.label,
    detail: byName ? word.label : name,
    info: word.note || undefined,
    type: word.type,
    boost: Math.min(Math.log10(word.count + 1), 9),
    apply: (view, completion, from, to) => {
      const changes = [{ from, to, insert: name }];
      const declared = new RegExp(`prefix\\s+${word.prefix}:`, "i").test(text);
      if (word.prefix && !declared)
        changes.unshift({ from: 0, insert: `PREFIX ${word.prefix}: <${word.space}>\n` });
      const end = changes.reduce((sum, each) => sum + each.insert.length, from);
      view.dispatch({ changes, selection: { anchor: end }, userEvent: "input.complete" });
    },
  };
}
