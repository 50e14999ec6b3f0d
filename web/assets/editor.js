// Adds to the query page: an editor in place of the text area, and answers without loading the page again.
// The page says everything by itself; what is written here comes from its data attributes.
import {
  closeBrackets,
  closeBracketsKeymap,
  autocompletion,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import { completing } from "./completion.js";
import { dress } from "./tables.js";

const LONGEST_ADDRESS = 6000; // characters; a longer query is posted, and has no address of its own

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword, tags.modifier], color: "var(--going)" },
  { tag: [tags.string, tags.literal], color: "var(--yes)" },
  { tag: [tags.url, tags.namespace, tags.propertyName, tags.typeName], color: "var(--accent)" },
  { tag: [tags.variableName], color: "var(--halt)" },
  { tag: [tags.number, tags.bool], color: "var(--weigh)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--soft)", fontStyle: "italic" },
]);

const looks = EditorView.theme({
  "&": {
    backgroundColor: "var(--sheet)",
    color: "var(--ink)",
    border: "1px solid var(--soft)",
    borderRadius: "var(--round)",
  },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    fontSize: ".88rem",
    lineHeight: "1.5",
    minHeight: "16rem",
    maxHeight: "70vh",
  },
  ".cm-content": { caretColor: "var(--ink)", padding: ".5rem 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-soft)",
  },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--soft)", border: "0" },
  ".cm-tooltip, .cm-panels": {
    backgroundColor: "var(--sheet)",
    color: "var(--ink)",
    border: "1px solid var(--soft)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mono)",
    fontSize: ".85rem",
    maxWidth: "min(40rem, 90vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent)",
    color: "var(--paper)",
  },
  ".cm-completionDetail": { fontStyle: "normal", opacity: ".85", marginLeft: ".8em" },
  ".cm-completionInfo": { fontFamily: "var(--sans)", maxWidth: "20rem", padding: ".4rem .6rem" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--accent-soft)",
    color: "inherit",
  },
});

// Typed over a selection, text would be inserted by the browser with the selection's looks as an inline style,
// which the policy of our pages refuses; so it is inserted here.
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { empty, from, to } = view.state.selection.main;
    if (event.inputType !== "insertText" || empty || !event.data || view.composing) return false;
    const insert = () =>
      view.state.update(view.state.replaceSelection(event.data), {
        userEvent: "input.type",
        scrollIntoView: true,
      });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, from, to, event.data, insert))) view.dispatch(insert());
    return true;
  },
});

const form = document.querySelector("form.editor");
if (form) edit(form);
dress(document);

function edit(form) {
  const area = form.querySelector("textarea");
  const label = form.querySelector("label[for]");
  const progress = document.getElementById("progress");
  // Styles in a shadow tree are adopted, not written into the page, where its policy would refuse them.
  const place = document.createElement("div");
  place.className = "typing";
  const root = place.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightSelectionMatches(),
        syntaxHighlighting(colours),
        sparql(),
        autocompletion({
          override: [completing(form.dataset.terms, form.dataset.search, document.documentElement.lang)],
        }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label.textContent, "aria-describedby": "keys" }),
        keymap.of([
          { key: "Mod-Enter", run: () => (form.requestSubmit(), true) },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) area.value = update.state.doc.toString();
        }),
        typedOver,
        looks,
      ],
    }),
  });
  area.hidden = true;
  area.required = false; // one that is hidden could not be asked to be filled in
  label.addEventListener("click", () => view.focus());
  area.after(place);
  form.querySelector(".hint").hidden = false;
  point(view);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(new URLSearchParams(new FormData(form)));
  });
  document.getElementById("outcome").addEventListener("click", (event) => {
    const link = event.target.closest("nav.seen a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show(link.href, {}, "nav.seen [aria-current]");
  });
  window.addEventListener("popstate", () => window.location.reload());

  function ask(fields) {
    const address = `${form.action}?${fields}`;
    if (address.length <= LONGEST_ADDRESS) return show(address, {});
    return show(form.action, { method: "POST", body: fields });
  }

  // Takes what the page at `address` says of the query, and gives it the place of what is said here.
  async function show(address, options, focused) {
    progress.textContent = form.dataset.running;
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const outcome = page.getElementById("outcome");
      if (!outcome) throw new Error(`${answer.status} without an answer`);
      document.getElementById("outcome").replaceChildren(...document.adoptNode(outcome).childNodes);
      if (!options.method) window.history.pushState(null, "", address);
      const heading = document.querySelector("#answer h2");
      progress.textContent = heading ? heading.textContent : "";
      dress(document.getElementById("outcome"));
      point(view);
      const wanted = focused && document.querySelector(focused);
      if (wanted) wanted.focus();
      else document.getElementById("answer").scrollIntoView({ block: "nearest" });
    } catch (error) {
      progress.textContent = form.dataset.failed;
      console.error(error);
    } finally {
      form.removeAttribute("aria-busy");
    }
  }
}

// Marks the place in the editor that the page says is wrong: “line 3, column 5”.
function point(view) {
  const marks = [];
  for (const fault of document.querySelectorAll("#answer .fault")) {
    const place = /^line (\d+), column (\d+)$/.exec(fault.querySelector(".at")?.textContent.trim() ?? "");
    if (!place || place[1] > view.state.doc.lines) continue;
    const line = view.state.doc.line(Number(place[1]));
    const from = Math.min(line.from + Number(place[2]) - 1, line.to);
    const rest = /^\S+/.exec(view.state.sliceDoc(from, line.to));
    const message = fault.querySelector("p").textContent;
    marks.push({ from, to: from + (rest ? rest[0].length : 0), severity: "error", message });
  }
  view.dispatch(setDiagnostics(view.state, marks));
}
