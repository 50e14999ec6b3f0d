// Adds suggestions to the fields of a page that want a name; without it they are plain fields of forms.
// In the search box, a suggestion leads to its page; in other fields, its name is filled in.
// A combobox with a list: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

const DEBOUNCE_MS = 120; // without typing, before suggestions are fetched
const MAX_PREFIX_LENGTH = 100; // characters; the server refuses longer ones

function createElement(name, attributes, text = "") {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

/** Return the text to show to a reader of the language, and the language it is in. */
function pickText(texts, language) {
  const ofSite = document.body.dataset.languages.split(" ");
  const tag = [language, "", ...ofSite, "en"].find((each) => texts[each]) ?? Object.keys(texts)[0];
  return [texts[tag] ?? "", tag ?? ""];
}

let lists = 0; // on the page, to tell their elements apart

function contentLanguage() {
  return new URLSearchParams(location.search).get("content") ?? document.documentElement.lang;
}

class Suggestions {
  /** Suggest names in the input; `texts` has the URL and the messages as data, and `choose` gets what is chosen. */
  constructor(input, { texts, label, parent, choose }) {
    this.input = input;
    this.texts = texts;
    this.choose = choose;
    this.cache = new Map(); // suggestions by prefix
    this.suggestions = [];
    this.selected = -1;
    this.list = createElement("ul", {
      id: `suggestions-${++lists}`, role: "listbox", class: "suggestions", hidden: "",
    });
    this.list.setAttribute("aria-label", label);
    this.status = createElement("div", { role: "status", class: "visually-hidden" });
    parent.append(this.list, this.status);
    const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [key, value] of Object.entries(combobox)) this.input.setAttribute(key, value);
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.addEventListener("input", (event) => event.isComposing || this.debounce());
    this.input.addEventListener("keydown", (event) => this.onKeydown(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the input keeps the focus
    this.list.addEventListener("click", (event) => {
      this.pick([...this.list.children].indexOf(event.target.closest("li")));
    });
  }

  get prefix() {
    return this.input.value.trim().slice(0, MAX_PREFIX_LENGTH);
  }

  debounce() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.suggest(), DEBOUNCE_MS);
  }

  async suggest() {
    const { prefix } = this;
    this.request?.abort();
    if (!prefix) return this.close();
    try {
      if (!this.cache.has(prefix)) this.cache.set(prefix, await this.fetchSuggestions(prefix));
    } catch {
      return; // aborted by more typing, or the server cannot be reached: the form still works
    }
    if (prefix === this.prefix && this.input === document.activeElement) this.show(this.cache.get(prefix));
  }

  async fetchSuggestions(prefix) {
    this.request = new AbortController();
    const url = new URL(this.texts.suggest, location.href);
    url.searchParams.set("prefix", prefix);
    const response = await fetch(url, { signal: this.request.signal, headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.statusText);
    return (await response.json()).suggestions;
  }

  show(suggestions) {
    this.suggestions = suggestions;
    this.list.replaceChildren(...suggestions.map((each, index) => this.createOption(each, index)));
    this.select(-1);
    this.list.hidden = !suggestions.length;
    this.input.setAttribute("aria-expanded", String(suggestions.length > 0));
    const { some, none } = this.texts;
    this.status.textContent = suggestions.length ? some.replace("#", suggestions.length) : none;
  }

  createOption({ labels, kindLabels, matches }, index) {
    const interfaceLanguage = document.documentElement.lang;
    const option = createElement("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": "false" });
    const [name, tag] = pickText(labels, contentLanguage());
    option.append(createElement("bdi", tag && tag !== interfaceLanguage ? { lang: tag } : {}, name), " ");
    if (!new URL(this.texts.suggest, location.href).searchParams.has("kind")) {
      option.append(createElement("span", { class: "suggestion-kind" }, pickText(kindLabels, interfaceLanguage)[0]));
    }
    const [match] = matches;
    if (match && !matches.some(({ value }) => value === name)) {
      const field = pickText(match.fieldLabels, interfaceLanguage)[0];
      const element = createElement("span", { class: "matched-value" }, `${field}: `);
      element.append(createElement("bdi", {}, match.value));
      option.append(" ", element);
    }
    return option;
  }

  select(index) {
    this.selected = index;
    [...this.list.children].forEach((option, each) => option.setAttribute("aria-selected", String(each === index)));
    const option = this.list.children[index];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  onKeydown(event) {
    const isOpen = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (step) {
      event.preventDefault();
      if (!isOpen) return void this.suggest();
      const positions = this.suggestions.length + 1; // the options, and none of them
      this.select(((this.selected + 1 + step + positions) % positions) - 1);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && isOpen && this.selected >= 0) {
      event.preventDefault();
      this.pick(this.selected);
    }
  }

  pick(index) {
    if (this.suggestions[index]) this.choose(this.suggestions[index]);
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.status.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.select(-1);
  }
}

function follow({ url }) {
  if (/^\/(?!\/)/.test(url)) location.assign(url); // a path of this site
}

for (const form of document.querySelectorAll("form[data-suggest]")) {
  const label = form.querySelector("label").textContent;
  new Suggestions(form.querySelector("input[type=search]"), {
    texts: form.dataset, label, parent: form, choose: follow,
  });
}

for (const input of document.querySelectorAll("input[data-suggest]")) {
  const field = createElement("div", { class: "entity-field" }); // not the label: its text is the name of the field
  const label = input.closest("label");
  const text = label.textContent.trim();
  label.before(field);
  field.append(label);
  const suggestions = new Suggestions(input, {
    texts: input.dataset, label: text, parent: field, choose: ({ labels }) => {
      [input.value] = pickText(labels, contentLanguage());
      suggestions.close();
    },
  });
}
