// Marks in the query editor: what the server finds wrong with the text, and the errors of the last run.

// Returns the diagnostics for the text in `view`; hints come from the server's document at `url`, and those of the
// page are true of `lastRun`, the text that was run last.
export async function findProblems(view, url, lastRun) {
  const text = view.state.doc.toString();
  const failures = text === lastRun ? pageErrors(view.state.doc) : [];
  if (!text.trim()) return [];
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ query: text });
  const response = await fetch(url, { method: "POST", headers, body }).catch(() => undefined);
  if (!response?.ok) return failures;
  const { hints } = await response.json();
  const found = hints.map(({ message, severity, from, to, fix }) => ({
    from,
    to,
    severity,
    message,
    actions: fix ? [{ name: fix.label, apply: (editor) => applyFix(editor, fix) }] : [],
  }));
  return found.some(({ severity }) => severity === "error") ? found : [...failures, ...found];
}

function applyFix(view, { from, to, insert }) {
  view.dispatch({ changes: { from, to, insert }, userEvent: "input.fix" });
  view.focus();
}

// Returns the positions in the query that the errors on the page give as “line 3, column 5”.
function pageErrors(doc) {
  const diagnostics = [];
  for (const fault of document.querySelectorAll("#answer .fault-details .fault")) {
    const location = fault.querySelector(".fault-location")?.textContent.trim() ?? "";
    const [, number, column] = /^line (\d+), column (\d+)$/.exec(location) ?? [];
    if (!number || number > doc.lines) continue;
    const line = doc.line(Number(number));
    const from = Math.min(line.from + Number(column) - 1, line.to);
    const [token] = /^\S*/.exec(doc.sliceString(from, line.to));
    const message = document.querySelector("#answer .fault > p")?.textContent ?? "";
    diagnostics.push({ from, to: from + token.length, severity: "error", message });
  }
  return diagnostics;
}
