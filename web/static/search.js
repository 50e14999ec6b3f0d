// Adds suggestions to the search boxes of a page; without it they are plain forms.
// A combobox with a list: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

const WAIT = 120; // milliseconds of quiet before the server is asked
const LONGEST = 100; // characters that it reads

function element(name, attributes, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

/** Return the word for the reader's language, the language it is in, or whatever there is. */
function pick(words, language) {
  const tag = [language, "", "sv", "en"].find((each) => words[each]) ?? Object.keys(words)[0];
  return [words[tag] ?? "", tag ?? ""];
}

class Box {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=search]");
    this.kept = new Map();
    this.found = [];
    this.active = -1;
    this.list = element("ul", { id: `${this.input.id}-list`, role: "listbox", class: "suggestions", hidden: "" });
    this.list.setAttribute("aria-label", form.querySelector("label").textContent);
    this.status = element("div", { role: "status", class: "unseen" });
    form.append(this.list, this.status);
    const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [key, value] of Object.entries(combobox)) this.input.setAttribute(key, value);
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.addEventListener("input", (event) => event.isComposing || this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    this.list.addEventListener("click", (event) => this.go([...this.list.children].indexOf(event.target.closest("li"))));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const prefix = this.input.value.trim().slice(0, LONGEST);
    this.asked?.abort();
    if (!prefix) return this.close();
    try {
      if (!this.kept.has(prefix)) this.kept.set(prefix, await this.fetch(prefix));
    } catch {
      return; // another letter has been typed, or the server cannot be reached: the form still works
    }
    if (prefix === this.input.value.trim().slice(0, LONGEST) && this.input === document.activeElement) {
      this.show(this.kept.get(prefix));
    }
  }

  async fetch(prefix) {
    this.asked = new AbortController();
    const address = new URL(this.form.dataset.suggest, location.href);
    address.searchParams.set("prefix", prefix);
    const answer = await fetch(address, { signal: this.asked.signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return (await answer.json()).suggestions;
  }

  show(found) {
    this.found = found;
    this.list.replaceChildren(...found.map((each, number) => this.option(each, number)));
    this.choose(-1);
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    const words = this.form.dataset;
    this.status.textContent = found.length ? words.some.replace("#", found.length) : words.none;
  }

  option(each, number) {
    const language = document.documentElement.lang;
    const option = element("li", { role: "option", id: `${this.list.id}-${number}`, "aria-selected": "false" });
    const [name, tag] = pick(each.labels, new URLSearchParams(location.search).get("content") ?? language);
    option.append(element("bdi", { class: "name", ...(tag && tag !== language && { lang: tag }) }, name));
    option.append(" ", element("span", { class: "of" }, pick(each.kindLabels, language)[0]));
    const [match] = each.matches;
    if (match && !each.matches.some(({ value }) => value === name)) {
      const field = element("span", { class: "because" }, `${pick(match.fieldLabels, language)[0]}: `);
      field.append(element("bdi", {}, match.value));
      option.append(" ", field);
    }
    return option;
  }

  choose(number) {
    this.active = number;
    [...this.list.children].forEach((option, each) => option.setAttribute("aria-selected", String(each === number)));
    const option = this.list.children[number];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  key(event) {
    const open = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (step) {
      event.preventDefault();
      if (!open) return void this.ask();
      const places = this.found.length + 1; // the options, and none of them
      this.choose(((this.active + 1 + step + places) % places) - 1);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && open && this.active >= 0) {
      event.preventDefault();
      this.go(this.active);
    }
  }

  go(number) {
    const address = this.found[number]?.url ?? "";
    if (/^\/(?!\/)/.test(address)) location.assign(address);
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.status.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.choose(-1);
  }
}

for (const form of document.querySelectorAll("form[data-suggest]")) new Box(form);
