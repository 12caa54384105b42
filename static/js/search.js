// Suggestions while somebody types into the search box: the combobox with a list of ARIA 1.2. The focus stays in the
// text field. Without this script the form does without them.
const PAUSE = 150;

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function offerSuggestions(form) {
  const input = form.querySelector("input[type=search]");
  const id = `${input.id}-suggestions`;
  const list = element("ul", { id, class: "search__list", role: "listbox", "aria-label": form.dataset.some, hidden: "" });
  const said = element("p", { class: "visually-hidden", role: "status" });
  let active = -1;
  let waiting;
  let asking;

  const isOpen = () => !list.hidden;

  function activate(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = list.children[active];
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function show(isShown) {
    list.hidden = !isShown;
    input.setAttribute("aria-expanded", String(isShown));
    activate(-1);
  }

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    said.textContent = "";
    show(false);
  }

  function fill([, names, kinds, addresses]) {
    list.replaceChildren(...names.map((name, index) => {
      const kind = element("span", { class: "search__kind" }, kinds[index]);
      const option = element("li", { id: `${id}-${index}`, role: "option", "aria-selected": "false" });
      option.append(element("span", { dir: "auto" }, name), " ", kind);
      option.dataset.address = addresses[index];
      return option;
    }));
    show(names.length > 0);
    said.textContent = names.length ? `${form.dataset.some} ${names.length}` : form.dataset.none;
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const answer = await fetch(`${form.dataset.suggestions}?${new URLSearchParams({ q: input.value })}`, { signal });
      const suggestions = await answer.json();
      if (!signal.aborted) fill(suggestions);
    } catch {
      // Overtaken by the next letter, or no network: the form itself still works.
      if (!signal.aborted) close();
    }
  }

  function typed(event) {
    // Somebody composing a Chinese character has not written it yet.
    if (event.isComposing) return;
    clearTimeout(waiting);
    if (input.value.trim()) waiting = setTimeout(ask, PAUSE);
    else close();
  }

  function go(option) {
    close();
    location.assign(option.dataset.address);
  }

  const keys = {
    ArrowDown: () => (isOpen() ? activate(active + 1 < list.children.length ? active + 1 : -1) : typed(input)),
    ArrowUp: () => isOpen() && activate(active < 0 ? list.children.length - 1 : active - 1),
    Enter: () => isOpen() && active >= 0 && go(list.children[active]),
    Escape: () => isOpen() && close(),
  };

  function pressed(event) {
    if (event.isComposing || !Object.hasOwn(keys, event.key)) return;
    // Undefined has been done; false leaves the key to the browser.
    if (keys[event.key]() !== false) event.preventDefault();
  }

  const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
  for (const [name, value] of Object.entries(combobox)) input.setAttribute(name, value);
  input.parentElement.append(list, said);
  input.addEventListener("input", typed);
  input.addEventListener("compositionend", typed);
  input.addEventListener("keydown", pressed);
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // The text field keeps the focus while the pointer is at the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
}

document.querySelectorAll("form[data-suggestions]").forEach(offerSuggestions);
