// Completes names in the fields of the query builder; without it the server finds what was meant.

const DEBOUNCE_MS = 120; // without typing, before names are fetched
const MAX_PREFIX_LENGTH = 100; // characters; the server refuses longer ones

/** Return the text for a reader of the page, in its language if there is one. */
function pickText(texts) {
  return texts[document.documentElement.lang] ?? texts.sv ?? Object.values(texts)[0] ?? "";
}

/** Return an option for the thing suggested; its label has the name that matches, if that is another one. */
function createOption({ labels, matches }) {
  const option = document.createElement("option");
  option.value = pickText(labels);
  const other = matches.find(({ value }) => value !== option.value);
  if (other && !matches.some(({ value }) => value === option.value)) option.label = other.value;
  return option;
}

class NameField {
  constructor(input) {
    this.input = input;
    input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.complete(), DEBOUNCE_MS);
    });
  }

  async complete() {
    const prefix = this.input.value.trim().slice(0, MAX_PREFIX_LENGTH);
    this.request?.abort();
    if (!prefix) return;
    this.request = new AbortController();
    const url = new URL(this.input.dataset.complete, location.href);
    url.searchParams.set("prefix", prefix);
    try {
      const response = await fetch(url, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (!response.ok) return;
      const { suggestions } = await response.json();
      this.input.list.replaceChildren(...suggestions.map(createOption));
    } catch {
      // aborted by more typing, or the server cannot be reached: the form still works
    }
  }
}

for (const input of document.querySelectorAll("input[data-complete]")) new NameField(input);
