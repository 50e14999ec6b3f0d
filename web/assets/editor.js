// Enhances the query editor: CodeMirror in place of the text area, and results without loading the page again.
// Texts come from data attributes of the form, so that they are in the reader's language.
import {
  closeBrackets,
  closeBracketsKeymap,
  autocompletion,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, linter } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, StateEffect } from "@codemirror/state";
import { EditorView, drawSelection, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import { completionSource } from "./completion.js";
import { findProblems } from "./problems.js";
import { enhanceResult } from "./query_result.js";

const MAX_URL_LENGTH = 6000; // characters; a longer query is posted, and has no URL of its own

const highlightStyle = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword, tags.modifier], color: "var(--purple)" },
  { tag: [tags.string, tags.literal], color: "var(--green)" },
  { tag: [tags.url, tags.namespace, tags.propertyName, tags.typeName], color: "var(--accent)" },
  { tag: [tags.variableName], color: "var(--red)" },
  { tag: [tags.number, tags.bool], color: "var(--amber)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--muted-text)", fontStyle: "italic" },
]);

const theme = EditorView.theme({
  "&": {
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    border: "1px solid var(--muted-text)",
    borderRadius: "var(--radius)",
  },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    fontSize: ".88rem",
    lineHeight: "1.5",
    minHeight: "16rem",
    maxHeight: "70vh",
  },
  ".cm-content": { caretColor: "var(--text)", padding: ".5rem 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-background)",
  },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--muted-text)", border: "0" },
  ".cm-tooltip, .cm-panels": {
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    border: "1px solid var(--muted-text)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mono)",
    fontSize: ".85rem",
    maxWidth: "min(40rem, 90vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent)",
    color: "var(--page-background)",
  },
  ".cm-completionDetail": { fontStyle: "normal", opacity: ".85", marginLeft: ".8em" },
  ".cm-completionInfo": { fontFamily: "var(--sans)", maxWidth: "20rem", padding: ".4rem .6rem" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--accent-background)",
    color: "inherit",
  },
});

// The browser inserts text typed over a selection with an inline style, which the policy of the pages forbids.
const insertOverSelection = EditorView.domEventHandlers({
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

const newResult = StateEffect.define();
const hasNewResult = ({ transactions }) =>
  transactions.some(({ effects }) => effects.some((effect) => effect.is(newResult)));

let running; // the AbortController of the query that runs
let lastRun; // the text that was run last

const form = document.querySelector("form.editor");
if (form) enhanceForm(form);
enhanceResult(document);

function enhanceForm(form) {
  const view = replaceTextArea(form);
  form.querySelector(".hint").hidden = false;
  lastRun = view.state.doc.toString();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    runQuery(form, view);
  });
  const outcome = document.getElementById("outcome");
  outcome.addEventListener("click", (event) => {
    const link = event.target.closest("nav.view-links a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    loadResult(form, view, link.href, {}, "nav.view-links [aria-current]");
  });
  outcome.addEventListener("submit", (event) => {
    const mended = event.target.closest(".query-hints form")?.elements.query.value;
    if (mended === undefined) return;
    event.preventDefault();
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: mended } });
    runQuery(form, view);
  });
  window.addEventListener("popstate", () => window.location.reload());
}

// Puts CodeMirror after the text area of the form, which is hidden and kept up to date.
function replaceTextArea(form) {
  const area = form.querySelector("textarea");
  const label = form.querySelector("label[for]");
  const container = document.createElement("div");
  // CodeMirror adopts its style sheet in a shadow tree; as a style element the policy of the pages forbids it.
  const root = container.attachShadow({ mode: "open" });
  const view = new EditorView({ root, parent: root, state: editorState(form, area, label) });
  area.hidden = true;
  area.required = false; // a hidden field that is required would stop the form without a message
  label.addEventListener("click", () => view.focus());
  area.after(container);
  return view;
}

function editorState(form, area, label) {
  const { terms, search } = form.dataset;
  return EditorState.create({
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
      syntaxHighlighting(highlightStyle),
      sparql(),
      lintGutter(),
      linter((view) => findProblems(view, form.dataset.hints, lastRun), { delay: 600, needsRefresh: hasNewResult }),
      autocompletion({ override: [completionSource(terms, search, document.documentElement.lang)] }),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label.textContent }),
      keymap.of([
        { key: "Mod-Enter", run: () => (form.requestSubmit(), true) },
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...searchKeymap,
        ...lintKeymap,
        ...historyKeymap,
        ...defaultKeymap,
      ]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) area.value = update.state.doc.toString();
      }),
      insertOverSelection,
      theme,
    ],
  });
}

function runQuery(form, view) {
  if (!view.state.doc.toString().trim()) {
    document.getElementById("progress").textContent = form.dataset.empty;
    view.focus();
    return undefined;
  }
  const fields = new URLSearchParams(new FormData(form));
  const url = `${form.action}?${fields}`;
  if (url.length <= MAX_URL_LENGTH) return loadResult(form, view, url, {});
  return loadResult(form, view, form.action, { method: "POST", body: fields });
}

// Replaces the result by that of the page at `url`, then focuses the element that matches `focusSelector`.
async function loadResult(form, view, url, options, focusSelector) {
  const progress = document.getElementById("progress");
  const outcome = document.getElementById("outcome");
  const run = startRun(form, outcome);
  const text = view.state.doc.toString();
  progress.textContent = form.dataset.running;
  try {
    const { signal } = run;
    const response = await fetch(url, { headers: { Accept: "text/html" }, signal, ...options });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.getElementById("outcome");
    if (!found) throw new Error(`${response.status} without a result`);
    outcome.replaceChildren(...document.adoptNode(found).childNodes);
    if (!options.method) window.history.pushState(null, "", url);
    progress.textContent = document.querySelector("#answer h2")?.textContent ?? "";
    enhanceResult(outcome);
    lastRun = text;
    view.dispatch({ effects: newResult.of(null) });
    const focused = focusSelector && document.querySelector(focusSelector);
    if (focused) focused.focus();
    else document.getElementById("answer")?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    const { cancelled, failed } = form.dataset;
    progress.textContent = run.signal.aborted ? cancelled.replace("{seconds}", run.seconds()) : failed;
    if (!run.signal.aborted) console.error(error);
  } finally {
    run.end();
  }
}

// Shows a clock and a button that cancels, and dims the last result, until `end` is called. A query that is
// cancelled ends on the server too, since the connection is closed.
function startRun(form, outcome) {
  running?.abort();
  const controller = (running = new AbortController());
  const started = performance.now();
  const seconds = () => Math.floor((performance.now() - started) / 1000);
  const [button, clock] = [form.querySelector(".cancel"), form.querySelector(".clock")];
  const showTime = () => {
    clock.textContent = form.dataset.seconds.replace("{seconds}", seconds());
    button.hidden = clock.hidden = performance.now() - started < 300;
  };
  const cancel = () => controller.abort();
  const timer = setInterval(showTime, 200);
  button.addEventListener("click", cancel);
  form.setAttribute("aria-busy", "true");
  outcome.classList.add("outdated");
  const end = () => {
    clearInterval(timer);
    button.removeEventListener("click", cancel);
    if (running !== controller) return; // another query runs already
    running = undefined;
    if (button.getRootNode().activeElement === button) form.querySelector("button").focus();
    button.hidden = clock.hidden = true;
    form.removeAttribute("aria-busy");
    outcome.classList.remove("outdated");
  };
  return { signal: controller.signal, seconds, end };
}
