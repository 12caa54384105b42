// What is typed into a long form is kept in this browser until it has been saved: it outlives a crash, a lost connection
// and a login that has run out. Kept is what differs from the page as it was opened, never a password; it is forgotten
// once it was saved, after two weeks, and when somebody signs out.
(() => {
  const ALL = "autosave:";
  const SUBMITTED = "autosave-submitted";
  const PAUSE = 300;
  const DAYS = 14;
  // What the page was opened at: posted as it was, so that the register still sees what others have saved since.
  const HELD = ["version", "seen", "edition"];
  const LEFT_OUT = /^csrfmiddlewaretoken$|-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$|__prefix__/;

  const user = document.currentScript.dataset.user;
  const keysOf = (start) => Object.keys(localStorage).filter((key) => key.startsWith(start));
  let isOff = false;

  document.addEventListener("submit", (event) => {
    if (!event.target.action.endsWith("/logout/")) return;
    isOff = true;
    for (const key of keysOf(ALL)) localStorage.removeItem(key);
  });

  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };

  for (const key of keysOf(ALL)) {
    const entry = read(key);
    if (!entry || Date.now() - entry.at > DAYS * 24 * 60 * 60 * 1000) localStorage.removeItem(key);
  }

  const submitted = sessionStorage.getItem(SUBMITTED);
  // The page says so in a message, or leads on from the form of that address.
  const from = document.querySelector("[data-arrived]")?.dataset.arrived;
  const hasArrived =
    Boolean(document.querySelector(".messagelist .saved")) ||
    Boolean(from && submitted?.startsWith(`${ALL}${user}:${from}:`));
  if (hasArrived && submitted) {
    localStorage.removeItem(submitted);
    sessionStorage.removeItem(SUBMITTED);
  }

  const form = document.querySelector("#content-main > form[method=post]:not([autocomplete=off]), form[data-review]");
  if (!form || !user || document.body.classList.contains("popup")) return;

  const valueHeld = (name) => form.elements[name]?.value ?? "";
  const version = valueHeld("version") || valueHeld("seen") || "new";
  const place = `${ALL}${user}:${location.pathname}:`;
  const key = `${place}${version}:${Date.now()}`;
  const editors = new Map();

  // Reading the form: a value for each field, rows apart. A row that is stored goes by its key, others by their place.

  const isKept = (control) =>
    control.name && !control.disabled && !HELD.includes(control.name) && !LEFT_OUT.test(control.name) &&
    !["password", "file", "submit", "button", "reset"].includes(control.type) && control.matches("input, select, textarea");

  const chosenAtFirst = (select) => {
    const chosen = [...select.options].filter((option) => option.defaultSelected);
    return chosen.length || select.multiple ? chosen : [...select.options].slice(0, 1);
  };

  // What stands there, or what stood there when the page was sent.
  const valueOf = (controls, wasSent = false) => {
    const [first] = controls;
    if (["checkbox", "radio"].includes(first.type)) {
      const state = wasSent ? "defaultChecked" : "checked";
      return { checked: controls.filter((control) => control[state]).map((control) => control.value) };
    }
    if (first.matches("select")) {
      const chosen = wasSent ? chosenAtFirst(first) : [...first.selectedOptions];
      return { chosen: chosen.map((option) => [option.value, option.text]) };
    }
    return wasSent ? first.defaultValue : first.value;
  };

  const isSame = (one, other) => {
    const plain = (value) => JSON.stringify(value?.chosen?.map(([chosen]) => chosen) ?? value);
    return plain(one) === plain(other);
  };

  const totalOf = (prefix) => Number(valueHeld(`${prefix}-TOTAL_FORMS`));
  const prefixes = () =>
    [...form.querySelectorAll("[name$='-TOTAL_FORMS']")].map((total) => total.name.replace(/-TOTAL_FORMS$/, ""));

  const content = (wasSent = false) => {
    const named = new Map();
    for (const control of [...form.elements].filter(isKept)) {
      named.set(control.name, [...(named.get(control.name) ?? []), control]);
    }
    const found = { fields: {}, rows: {} };
    const sets = prefixes();
    for (const [name, controls] of named) {
      const part = /^(.+)-(\d+)-([^-]+)$/.exec(name);
      if (!part || !sets.includes(part[1])) {
        found.fields[name] = valueOf(controls, wasSent);
        continue;
      }
      const [, prefix, index, field] = part;
      if (field === "id") continue;
      const id = valueHeld(`${prefix}-${index}-id`);
      const row = `${prefix} ${id ? "id" : "at"} ${id || index}`;
      found.rows[row] ??= { prefix, id, index: Number(index), fields: {} };
      found.rows[row].fields[field] = valueOf(controls, wasSent);
    }
    return found;
  };

  const changed = (fields, before = {}) =>
    Object.fromEntries(Object.entries(fields).filter(([name, value]) => !isSame(value, before[name])));

  // A row that was only just added holds what every empty row holds.
  const isEmptyRow = (row) => {
    const blank = (name) => form.querySelector(`[name="${row.prefix}-__prefix__-${name}"]`);
    return Object.entries(row.fields).every(([name, value]) => {
      const control = blank(name);
      return control ? isSame(value, valueOf([control])) : !value;
    });
  };

  const difference = (now, before) => ({
    fields: changed(now.fields, before.fields),
    rows: Object.entries(now.rows)
      .filter(([name, row]) => before.rows[name] || !isEmptyRow(row))
      .map(([name, row]) => ({ ...row, fields: changed(row.fields, before.rows[name]?.fields) }))
      .filter((row) => Object.keys(row.fields).length),
  });

  // A form that came back refused holds what was typed: all of it counts, as does what it replaces.
  const cameBack =
    submitted?.startsWith(place) && !hasArrived && Boolean(document.querySelector(".errornote, .refusal[role=alert]"));
  let opened = content(true);
  let isTouched = false;

  const isSomething = ({ fields, rows }) => Boolean(Object.keys(fields).length || rows.length);

  const keep = () => {
    if (isOff) return;
    const { fields, rows } = difference(content(), opened);
    if (!isSomething({ fields, rows })) {
      localStorage.removeItem(key);
      return;
    }
    const held = Object.fromEntries(HELD.filter((name) => form.elements[name]).map((name) => [name, valueHeld(name)]));
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), version, held, fields, rows }));
    } catch {
      // The browser keeps nothing, or has no room: the form goes on without.
    }
  };

  let waiting = 0;
  const keepSoon = () => {
    isTouched = true;
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE);
  };
  for (const kind of ["input", "change", "formset:added"]) form.addEventListener(kind, keepSoon);
  document.addEventListener("formset:removed", keepSoon);
  window.addEventListener("pagehide", keep);
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    keep();
    sessionStorage.setItem(SUBMITTED, key);
  });
  // Over a slow connection people type before this script has come.
  if (isSomething(difference(content(), opened))) keepSoon();

  // Putting it back

  document.addEventListener("prose-editor:ready", ({ detail }) => {
    if (typeof editors.get(detail.textarea) === "string") detail.editor.commands.setContent(editors.get(detail.textarea));
    editors.set(detail.textarea, detail.editor);
  });

  const write = (controls, value) => {
    const [first] = controls;
    if (!first) return;
    if (value?.checked) {
      for (const control of controls) control.checked = value.checked.includes(control.value);
    } else if (value?.chosen) {
      const values = value.chosen.map(([chosen]) => chosen);
      for (const [chosen, text] of value.chosen) {
        // An autocomplete has only the options that somebody chose.
        if (![...first.options].some((option) => option.value === chosen)) first.add(new Option(text, chosen));
      }
      for (const option of first.options) option.selected = values.includes(option.value);
    } else {
      first.value = value;
      if (editors.get(first)?.commands) editors.get(first).commands.setContent(value);
      else if (first.matches("textarea")) editors.set(first, value);
    }
    first.closest("details")?.setAttribute("open", "");
    for (const kind of ["input", "change"]) first.dispatchEvent(new Event(kind, { bubbles: true }));
  };

  const controlsOf = (name) => [...form.elements].filter((control) => control.name === name);

  const indexOf = ({ prefix, id, index }) => {
    const indexes = [...Array(totalOf(prefix)).keys()];
    if (id) return indexes.find((each) => valueHeld(`${prefix}-${each}-id`) === id);
    return index < indexes.length && !valueHeld(`${prefix}-${index}-id`) ? index : undefined;
  };

  const added = (prefix) => {
    const button =
      document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`) ??
      document.querySelector(`[data-group="${CSS.escape(prefix)}"] [data-add] button`);
    const total = totalOf(prefix);
    button?.click();
    return totalOf(prefix) > total ? total : undefined;
  };

  const putBack = (entry, from) => {
    for (const [name, value] of Object.entries(entry.held)) {
      if (form.elements[name]) form.elements[name].value = value;
    }
    for (const [name, value] of Object.entries(entry.fields)) write(controlsOf(name), value);
    for (const row of entry.rows) {
      const index = indexOf(row) ?? added(row.prefix);
      if (index === undefined) continue;
      for (const [field, value] of Object.entries(row.fields)) write(controlsOf(`${row.prefix}-${index}-${field}`), value);
    }
    clearTimeout(waiting);
    keep();
    localStorage.removeItem(from);
  };

  const timeOf = (at) => {
    const isToday = new Date(at).toDateString() === new Date().toDateString();
    const style = { timeStyle: "short", hourCycle: "h23" };
    if (!isToday) style.dateStyle = "long";
    return new Date(at).toLocaleString(document.documentElement.lang, style);
  };

  const entries = keysOf(place)
    .map((name) => ({ name, entry: read(name) }))
    .filter(({ name, entry }) => entry && name !== key)
    .sort((one, other) => one.entry.at - other.entry.at);

  const box = document.createElement("div");
  box.setAttribute("role", "status");

  const tell = (part, entry) => {
    const shown = document.getElementById("kept").content.querySelector(`[data-kept=${part}]`).cloneNode(true);
    const time = shown.querySelector("time");
    time.dateTime = new Date(entry.at).toISOString();
    time.textContent = timeOf(entry.at);
    const moved = shown.querySelector("[data-moved]");
    if (moved) moved.hidden = entry.version === version;
    box.replaceChildren(shown);
    return shown;
  };

  const offer = () => {
    const latest = entries.pop();
    if (!latest) {
      box.replaceChildren();
      return;
    }
    const shown = tell("offer", latest.entry);
    shown.querySelector("[data-put-back]").addEventListener("click", () => {
      putBack(latest.entry, latest.name);
      tell("back", latest.entry).focus();
    });
    shown.querySelector("[data-forget]").addEventListener("click", () => {
      localStorage.removeItem(latest.name);
      offer();
    });
  };

  const begin = () => {
    if (!isTouched) opened = content();
    document.getElementById("content-main").prepend(box);
    if (submitted?.startsWith(place)) sessionStorage.removeItem(SUBMITTED);
    const own = entries.findIndex(({ name }) => name === submitted);
    if (cameBack) {
      opened = { fields: {}, rows: {} };
      if (own >= 0) localStorage.removeItem(entries.splice(own, 1)[0].name);
      keep();
    } else if (own >= 0 && entries[own].entry.version === version) {
      // It was sent and did not arrive: the login had run out, or the connection.
      const [{ name, entry }] = entries.splice(own, 1);
      putBack(entry, name);
      tell("back", entry);
      return;
    }
    offer();
  };

  // Rows and autocompletes are there once everything is loaded and jQuery has done what waited for that.
  window.addEventListener("load", () => (window.django?.jQuery ? window.django.jQuery(begin) : begin()));
})();
