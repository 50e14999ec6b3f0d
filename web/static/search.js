// Adds suggestions to the search boxes of a page; without it they are plain forms.
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
  const tag = [language, "", "sv", "en"].find((each) => texts[each]) ?? Object.keys(texts)[0];
  return [texts[tag] ?? "", tag ?? ""];
}

class SearchBox {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=search]");
    this.cache = new Map(); // suggestions by prefix
    this.suggestions = [];
    this.selected = -1;
    this.list = createElement("ul", {
      id: `${this.input.id}-list`, role: "listbox", class: "suggestions", hidden: "",
    });
    this.list.setAttribute("aria-label", form.querySelector("label").textContent);
    this.status = createElement("div", { role: "status", class: "visually-hidden" });
    form.append(this.list, this.status);
    const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [key, value] of Object.entries(combobox)) this.input.setAttribute(key, value);
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.addEventListener("input", (event) => event.isComposing || this.debounce());
    this.input.addEventListener("keydown", (event) => this.onKeydown(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the input keeps the focus
    this.list.addEventListener("click", (event) => {
      this.follow([...this.list.children].indexOf(event.target.closest("li")));
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
    const url = new URL(this.form.dataset.suggest, location.href);
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
    const { some, none } = this.form.dataset;
    this.status.textContent = suggestions.length ? some.replace("#", suggestions.length) : none;
  }

  createOption({ labels, kindLabels, matches }, index) {
    const interfaceLanguage = document.documentElement.lang;
    const contentLanguage = new URLSearchParams(location.search).get("content") ?? interfaceLanguage;
    const option = createElement("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": "false" });
    const [name, tag] = pickText(labels, contentLanguage);
    option.append(createElement("bdi", tag && tag !== interfaceLanguage ? { lang: tag } : {}, name), " ");
    option.append(createElement("span", { class: "suggestion-kind" }, pickText(kindLabels, interfaceLanguage)[0]));
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
      this.follow(this.selected);
    }
  }

  follow(index) {
    const url = this.suggestions[index]?.url ?? "";
    if (/^\/(?!\/)/.test(url)) location.assign(url); // a path of this site
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.status.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.select(-1);
  }
}

for (const form of document.querySelectorAll("form[data-suggest]")) new SearchBox(form);
