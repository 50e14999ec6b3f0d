// Copies what a button is for: the address of a link; else the text and, of an element with links, the same as HTML
// for word processors.
if (navigator.clipboard) { // only pages of a secure address may copy
  showButtons();
  const outcome = document.getElementById("outcome"); // which the editor replaces
  if (outcome) new MutationObserver(showButtons).observe(outcome, { childList: true });
  document.addEventListener("click", copyForButton);
}

function showButtons() {
  for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = false;
}

async function copyForButton({ target }) {
  const button = target.closest("button[data-copy]");
  if (!button) return;
  const outcome = button.nextElementSibling;
  outcome.textContent = "";
  await copy(document.getElementById(button.dataset.copy));
  outcome.textContent = button.dataset.done;
}

function copy(element) {
  if (element.href) return navigator.clipboard.writeText(element.href);
  const text = element.textContent.trim();
  if (!element.querySelector("a") || !globalThis.ClipboardItem) return navigator.clipboard.writeText(text);
  const parts = { "text/plain": text, "text/html": element.innerHTML };
  const blobs = Object.entries(parts).map(([type, content]) => [type, new Blob([content], { type })]);
  return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
}
