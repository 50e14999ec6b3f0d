// Copies what a button is for: its text and, of an element with links, the same as HTML for word processors.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) break; // only pages of a secure address may copy
  const outcome = button.nextElementSibling;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const element = document.getElementById(button.dataset.copy);
    outcome.textContent = "";
    await copy(element);
    outcome.textContent = button.dataset.done;
  });
}

function copy(element) {
  const text = element.textContent.trim();
  if (!element.querySelector("a") || !globalThis.ClipboardItem) return navigator.clipboard.writeText(text);
  const parts = { "text/plain": text, "text/html": element.innerHTML };
  const blobs = Object.entries(parts).map(([type, content]) => [type, new Blob([content], { type })]);
  return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
}
