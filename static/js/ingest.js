// The review of a release: passages shown where they stand, words selected in the source and put into the record, rows
// added. Without this script the page shows, takes and says the same; only selecting needs it.

const source = document.querySelector("[data-source]");
const form = document.querySelector("[data-review]");
const text = source.textContent;

// Places are counted in characters as people see them in the stored text; the browser counts units of UTF-16.
const points = [...text];
const pointsBefore = (units) => [...text.slice(0, units)].length;
const unitsBefore = (count) => points.slice(0, count).join("").length;

const rangeOf = (start, end) => {
  const range = document.createRange();
  const walker = document.createTreeWalker(source, NodeFilter.SHOW_TEXT);
  let passed = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const after = passed + node.length;
    if (start >= passed && start <= after) range.setStart(node, start - passed);
    if (end <= after) {
      range.setEnd(node, end - passed);
      break;
    }
    passed = after;
  }
  return range;
};

const paint = (name, range) => {
  if (!window.CSS?.highlights) return;
  if (range) CSS.highlights.set(name, new Highlight(range));
  else CSS.highlights.delete(name);
};

const bring = (element) => element.scrollIntoView({ block: "center" });

// Both ways between a value and its passage

const showPassage = (start, end) => {
  useKeyboard(false);
  const range = rangeOf(unitsBefore(start), unitsBefore(end));
  paint("shown", range);
  const box = range.getBoundingClientRect();
  const pane = source.getBoundingClientRect();
  source.scrollTop += box.top - pane.top - Math.max(0, (pane.height - box.height) / 2);
  // Where one stands above the other, the pane itself may be out of sight.
  if (pane.bottom < 60 || pane.top > window.innerHeight - 60) source.scrollIntoView({ block: "nearest" });
  source.focus({ preventScroll: true });
};

const showValue = (value) => {
  for (const shown of document.querySelectorAll(".value.shown")) shown.classList.remove("shown");
  value.classList.add("shown");
  bring(value);
  (controlOf(value) ?? value).focus({ preventScroll: true });
};

// Words cannot be selected with the mouse beginning inside a link, so in the source links are links by their role alone.
for (const link of source.querySelectorAll("a")) {
  link.dataset.target = link.hash.slice(1);
  link.removeAttribute("href");
  link.setAttribute("role", "link");
  link.tabIndex = 0;
}

const follow = (link) => {
  const target = document.getElementById(link.dataset.target);
  if (target?.matches(".value")) showValue(target);
  else if (target) bring(target);
};

source.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  // Who selects words of a link does not want to follow it.
  if (link && getSelection().isCollapsed) follow(link);
});
// Nor beginning at the edge of what takes the focus: while the mouse is down, none of them does.
source.addEventListener("pointerdown", (event) => {
  const link = event.target.closest("a");
  link?.removeAttribute("tabindex");
  for (const end of ["pointerup", "pointercancel"]) {
    window.addEventListener(end, () => link?.setAttribute("tabindex", "0"), { once: true });
  }
});
source.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("a")) follow(event.target);
});
document.addEventListener("click", (event) => {
  const passage = /^#s-(\d+)-(\d+)$/.exec(event.target.closest?.("a[href^='#']")?.hash ?? "");
  if (!passage) return;
  event.preventDefault();
  showPassage(Number(passage[1]), Number(passage[2]));
});

// Selecting

const tools = document.querySelector("[data-tools]");
const part = (name) => tools.querySelector(`[data-${name}]`);
const area = document.createElement("textarea");
let held = null;
let value = null;

const controlOf = (box) => box.querySelector("select, textarea, input:not([type=hidden])");
const labelOf = (box) => box.querySelector("label")?.textContent.trim() ?? "";

const say = (words) => {
  part("said").textContent = words;
};

const hold = (start, end) => {
  const chosen = text.slice(start, end);
  const from = start + chosen.length - chosen.trimStart().length;
  const to = from + chosen.trim().length;
  held = from < to ? { from, to, words: text.slice(from, to) } : null;
  paint("held", held && rangeOf(held.from, held.to));
  offer();
};

const offer = () => {
  part("selected").hidden = !held;
  part("hint").hidden = Boolean(held);
  document.body.classList.toggle("has-selection", Boolean(held));
  part("selected-words").textContent = held?.words ?? "";
  const assign = part("assign");
  assign.textContent = assign.dataset.words.replace("FIELD", value ? labelOf(value) : "…");
  assign.disabled = part("quote").disabled = !value;
};

const look = () => {
  if (!area.hidden) {
    if (document.activeElement === area && area.selectionStart < area.selectionEnd) {
      hold(area.selectionStart, area.selectionEnd);
    }
    return;
  }
  const selection = getSelection();
  if (!selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  if (!source.contains(range.commonAncestorContainer)) return;
  const before = document.createRange();
  before.setStart(source, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  hold(start, start + range.toString().length);
};

const useKeyboard = (on) => {
  area.hidden = !on;
  source.hidden = on;
  part("keyboard").setAttribute("aria-pressed", String(on));
};

const passagesOf = (row) => row.querySelector("input[name$='-passages']");

const write = (row, passages) => {
  passagesOf(row).value = JSON.stringify(passages);
  for (const box of row.querySelectorAll(".value[data-field]")) list(box, passages);
};

const list = (box, passages) => {
  const quotes = box.querySelector("[data-quotes]");
  if (!quotes) return;
  quotes.replaceChildren();
  for (const passage of passages.filter((each) => each.field === box.dataset.field)) {
    const item = quotes.appendChild(document.createElement("li"));
    const link = item.appendChild(document.createElement("a"));
    link.href = `#s-${passage.start}-${passage.end}`;
    link.appendChild(document.createElement("q")).textContent = passage.quote;
    const away = item.appendChild(document.createElement("button"));
    away.type = "button";
    away.className = "away";
    away.textContent = "×";
    away.setAttribute("aria-label", form.dataset.away.replace("QUOTE", passage.quote));
    away.addEventListener("click", () => {
      const row = box.closest("[data-row]");
      write(row, passages.filter((each) => each !== passage));
      controlOf(box)?.focus();
      tellOfChange(box);
    });
  }
};

const tellOfChange = (box) => box.dispatchEvent(new Event("input", { bubbles: true }));

const put = (control, words) => {
  const line = words.replace(/\s+/g, " ");
  if (control.matches("select")) {
    const wanted = line.toLowerCase();
    const found = [...control.options].find((option) => option.value && option.text.toLowerCase().includes(wanted));
    if (found) control.value = found.value;
  } else if (control.matches("textarea:not([data-django-prose-editor-configurable]), input:not([type=checkbox])")) {
    control.value = line;
  }
};

const assign = (box, withWords) => {
  if (!held || !box) return;
  const row = box.closest("[data-row]");
  const field = box.dataset.field;
  const passage = { field, start: pointsBefore(held.from), end: pointsBefore(held.to), quote: held.words };
  const before = JSON.parse(passagesOf(row).value || "[]");
  const kept = before.filter((each) => !(each.field === field && (withWords || each.start === passage.start)));
  const control = controlOf(box);
  if (withWords && control) put(control, held.words);
  write(row, [...kept, passage]);
  tellOfChange(box);
  say(`${labelOf(box)}: ${held.words}`);
  held = null;
  paint("held", null);
  offer();
  control?.focus();
};

// Rows

const equip = (root) => {
  for (const row of root.matches?.("[data-row]") ? [root] : root.querySelectorAll("[data-row]")) {
    const passages = JSON.parse(passagesOf(row).value || "[]");
    for (const box of row.querySelectorAll(".value[data-field]")) {
      const head = box.querySelector(".value-head");
      if (head) {
        const take = head.appendChild(document.createElement("button"));
        take.type = "button";
        take.className = "take";
        take.textContent = form.dataset.use;
        take.setAttribute("aria-label", form.dataset.take.replace("FIELD", labelOf(box)));
        take.addEventListener("click", () => assign(box, true));
      }
      list(box, passages);
    }
  }
};

const counter = (group) => form.elements[`${group.dataset.group}-TOTAL_FORMS`];

const readyToGrow = (group) => {
  // The row that is there for those without a script would be in the way.
  const total = counter(group);
  for (const blank of group.querySelectorAll(".part-blank")) {
    blank.remove();
    total.value = Number(total.value) - 1;
  }
  const add = group.querySelector("[data-add]");
  add.hidden = false;
  add.querySelector("button").addEventListener("click", () => {
    const rows = group.querySelector("[data-rows]");
    const blank = group.querySelector("[data-blank]");
    rows.insertAdjacentHTML("beforeend", blank.innerHTML.replaceAll("__prefix__", total.value));
    total.value = Number(total.value) + 1;
    equip(rows.lastElementChild);
    controlOf(rows.lastElementChild.querySelector(".value")).focus();
  });
};

if (form) {
  area.className = "source-area";
  // One that is read-only has no cursor to select with in every browser, so it takes no input instead.
  area.setAttribute("aria-readonly", "true");
  area.addEventListener("beforeinput", (event) => event.preventDefault());
  area.hidden = true;
  area.value = text;
  area.lang = source.lang;
  area.dir = source.dir;
  area.setAttribute("aria-label", source.getAttribute("aria-label"));
  source.after(area);
  tools.hidden = false;
  document.addEventListener("selectionchange", look);
  for (const kind of ["select", "keyup", "pointerup", "selectionchange"]) area.addEventListener(kind, look);
  part("keyboard").addEventListener("click", () => {
    useKeyboard(area.hidden);
    (area.hidden ? source : area).focus();
  });
  form.addEventListener("focusin", (event) => {
    const box = event.target.closest(".value[data-field]");
    if (!box || box === value || event.target.matches("button, a")) return;
    value = box;
    offer();
  });
  part("assign").addEventListener("click", () => assign(value, true));
  part("quote").addEventListener("click", () => assign(value, false));
  equip(form);
  for (const group of form.querySelectorAll("[data-group]")) readyToGrow(group);
  offer();
  // Passages that another script puts back.
  form.addEventListener("change", (event) => {
    if (event.target.matches("input[name$='-passages']")) {
      write(event.target.closest("[data-row]"), JSON.parse(event.target.value || "[]"));
    }
  });
}
