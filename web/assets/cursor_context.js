// Where a cursor stands in a query: in the place of a subject, a predicate, an object, a class, or a keyword.

const TOKEN = new RegExp(
  [
    /(?<skip>\s+|#[^\n]*)/,
    /(?<iri><[^\s<>"{}|^`\\]*>)/,
    /(?<string>'''[^]*?'''|"""[^]*?"""|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/,
    /(?<variable>[?$]\w+)/,
    /(?<name>[\p{L}\w-]*:[\p{L}\w%.:-]*(?<!\.))/,
    /(?<word>[A-Za-z_]\w*)/,
    /(?<number>[\d.]*\d)/,
    /(?<language>@[\w-]+)/,
    /(?<mark>[^])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "uy",
);
const TERMS = new Set(["iri", "string", "variable", "name", "number"]);

export function tokenize(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  for (let match; TOKEN.lastIndex < text.length && (match = TOKEN.exec(text)); ) {
    const [kind, value] = Object.entries(match.groups).find(([, found]) => found !== undefined);
    if (kind !== "skip") tokens.push({ kind, text: value });
  }
  return tokens;
}

// Returns the prefixes that a query declares, by name.
export function declaredPrefixes(tokens) {
  const found = {};
  for (const [index, { text }] of tokens.entries()) {
    const [name, iri] = [tokens[index + 1], tokens[index + 2]];
    if (/^prefix$/i.test(text) && name?.kind === "name" && iri?.kind === "iri") {
      found[name.text.slice(0, -1)] = iri.text.slice(1, -1);
    }
  }
  return found;
}

// Returns the role of what comes after `tokens`, with the subject and predicate that it belongs to, and the
// triples before it.
export function readContext(tokens) {
  const triples = [];
  const stack = [{ kind: "query" }]; // of brackets, each with what is expected next in it
  let last = { text: "" };
  const top = () => stack.at(-1);
  const close = (kinds) => {
    while (stack.length > 1 && !kinds.includes(top().kind)) stack.pop();
    if (stack.length > 1) stack.pop();
  };
  const takeTerm = (term) => {
    const state = top();
    if (state.expects === "object") {
      triples.push({ subject: state.subject, predicate: state.predicate, object: term });
      state.expects = "end";
    } else if (state.expects === "predicate") {
      state.predicate = term;
      state.expects = "object";
    } else {
      state.subject = term;
      state.expects = "predicate";
    }
  };
  for (const token of tokens) {
    const { kind, text } = token;
    const state = top();
    const isPattern = state.expects !== undefined;
    if (kind === "mark") {
      if (text === "{") stack.push({ kind: "group", expects: "subject" });
      else if (text === "[") stack.push({ kind: "blank", expects: "predicate", subject: undefined });
      else if (text === "(") {
        const isList = isPattern && state.expects === "object" && !/^(in|filter|bind)$/i.test(last.text);
        stack.push({ kind: isList ? "list" : state.expects === "predicate" ? "path" : "expression" });
      } else if (text === "}") {
        close(["group"]);
        if (top().expects) top().expects = "subject";
      } else if (text === "]") {
        close(["blank"]);
        if (top().expects) takeTerm("[]");
      } else if (text === ")") {
        const closed = top().kind;
        close(["list", "path", "expression"]);
        if (closed === "list" && top().expects) takeTerm("()");
        if (closed === "path" && top().expects) takeTerm("path");
      } else if (isPattern && text === ".") state.expects = "subject";
      else if (isPattern && text === ";") state.expects = "predicate";
      else if (isPattern && text === ",") state.expects = "object";
      else if (state.expects === "object" && "/|^".includes(text)) state.expects = "predicate";
    } else if (kind === "word") {
      if (isPattern && /^(true|false)$/i.test(text)) takeTerm(text);
      else if (isPattern && text === "a" && state.expects === "predicate") takeTerm("a");
      else if (isPattern) {
        state.expects = /^(select|graph|service|values)$/i.test(text) ? text.toLowerCase() : "subject";
      }
    } else if (TERMS.has(kind) && isPattern && last.text !== "^") {
      if (["subject", "predicate", "object"].includes(state.expects)) takeTerm(text);
      else if (state.expects === "end") {
        state.expects = "subject"; // a full stop is missing
        takeTerm(text);
      } else if (state.expects !== "select") state.expects = "subject";
    }
    last = token;
  }
  return { role: roleOf(top(), tokens), subject: top().subject, predicate: top().predicate, triples };
}

function roleOf({ expects, predicate }, tokens) {
  if (/^prefix$/i.test(tokens.at(-1)?.text ?? "")) return "prefix";
  if (expects === "object" && (predicate === "a" || predicate === "rdf:type")) return "class";
  if (["subject", "predicate", "object"].includes(expects)) return expects;
  return expects === "end" ? "end" : "keyword";
}

// Returns the classes that are known of each subject or object: by `a`, else by the properties beside it.
export function knownClasses(triples, contexts, expand) {
  const stated = new Map();
  const implied = new Map();
  const add = (classes, term, found) => {
    if (!term || !found?.length) return;
    const before = classes.get(term);
    classes.set(term, before ? before.filter((each) => found.includes(each)) : [...found]);
  };
  for (const { subject, predicate, object } of triples) {
    const isType = predicate === "a" || predicate === "rdf:type";
    if (isType && expand(object)) stated.set(subject, [expand(object)]);
    else {
      const context = contexts[expand(predicate)];
      add(implied, subject, context?.classes);
      add(implied, object, context?.ranges);
    }
  }
  return (term) => stated.get(term) ?? implied.get(term) ?? [];
}
