// Filters take effect as they are used, in place: the same page is asked for as without scripts, and of its answer the
// filters and the list replace those shown. What a reader had opened, typed or reached stays as it was.
(() => {
  const browse = document.querySelector(".browse");
  const form = () => browse.querySelector("form");
  const query = () => String(new URLSearchParams(new FormData(form())));
  let timer, kept, underWay;

  // Find-as-you-type in long groups: what is not shown stays chosen.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const find = (field) => {
    const wanted = fold(field.value.trim());
    const boxes = [...field.closest("fieldset").querySelectorAll("[type=checkbox]")];
    const shown = boxes.filter((box) => fold(box.nextSibling.data).includes(wanted));
    for (const box of boxes) box.parentElement.hidden = !shown.includes(box);
    const status = field.nextElementSibling;
    const said = status.dataset.text.replace("{shown}", shown.length).replace("{all}", boxes.length);
    status.textContent = wanted ? said : "";
  };
  const offerToFind = () => {
    for (const field of browse.querySelectorAll(".filters__find")) field.hidden = false;
  };

  // Where the focus goes when what has it is replaced: to the same control, or else to the count of what was found.
  const placeOf = (focused) => {
    if (focused === document.body || !browse.contains(focused)) return [];
    const group = focused.closest(".filters__group");
    const summary = group && `#${group.id} > summary`;
    if (focused.matches("summary")) return [summary ?? "#filters > summary"];
    if (!focused.name) return focused.id ? [`#${focused.id}`] : [".results__count"];
    return [`[name="${focused.name}"]${focused.type === "checkbox" ? `[value="${focused.value}"]` : ""}`, summary];
  };
  const keep = () => {
    const lists = [...browse.querySelectorAll(".filters__options")];
    kept = {
      focus: placeOf(document.activeElement),
      open: new Map([...browse.querySelectorAll("details[id]")].map(({ id, open }) => [id, open])),
      found: new Map([...browse.querySelectorAll(".filters__find input")].map(({ id, value }) => [id, value])),
      scrolled: new Map(lists.map((list) => [list.closest("details").id, list.scrollTop])),
    };
  };
  const restore = () => {
    offerToFind();
    if (!kept) return;
    for (const [id, open] of kept.open) document.getElementById(id)?.toggleAttribute("open", open);
    for (const [id, text] of kept.found) {
      const field = text && document.getElementById(id);
      if (field) find(Object.assign(field, { value: text }));
    }
    for (const [id, top] of kept.scrolled) {
      const list = document.getElementById(id)?.querySelector(".filters__options");
      if (list) list.scrollTop = top;
    }
    const control = kept.focus.filter(Boolean).map((place) => document.querySelector(place)).find(Boolean);
    if (kept.typed !== undefined) control.value = kept.typed;
    control?.focus({ preventScroll: !control.matches(".results__count") });
    kept = undefined;
  };
  const follow = () => {
    for (const link of document.querySelectorAll(".language-bar a")) link.search = location.search;
  };

  browse.addEventListener("input", ({ target }) => target.closest(".filters__find") && find(target));
  browse.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest(".filters__find")) event.preventDefault();
  });
  offerToFind();
  if (!window.htmx) return;

  browse.addEventListener("change", ({ target }) => {
    if (!target.name) return;
    clearTimeout(timer);
    // A day that is being typed is a day after each figure.
    timer = setTimeout(() => form().requestSubmit(), target.type === "date" ? 1000 : 0);
  });
  // A choice applied by its button as well as by itself is asked for once: in front of htmx, which would begin anew.
  const ask = (event) => {
    clearTimeout(timer);
    if (underWay !== query()) return;
    event.preventDefault();
    event.stopPropagation();
  };
  browse.addEventListener("submit", ask, { capture: true });
  browse.addEventListener("htmx:beforeSend", ({ detail }) => {
    underWay = detail.elt === form() ? query() : undefined;
  });
  browse.addEventListener("htmx:afterRequest", () => {
    underWay = undefined;
  });
  browse.addEventListener("htmx:configRequest", ({ detail }) => {
    for (const [name, value] of [...detail.formData]) if (!value) detail.formData.delete(name);
  });
  // Whatever cannot be done in place is left to the browser.
  const leave = ({ pathInfo }) => location.assign(pathInfo.finalRequestPath || pathInfo.requestPath);
  browse.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.isError) {
      detail.isError = false;
      return leave(detail);
    }
    keep();
    // Somebody may have gone on typing while the answer was under way.
    if (document.activeElement.name === "q") kept.typed = document.activeElement.value;
  });
  for (const failure of ["htmx:sendError", "htmx:timeout"]) {
    browse.addEventListener(failure, ({ detail }) => leave(detail));
  }
  browse.addEventListener("htmx:afterSettle", restore);
  document.body.addEventListener("htmx:pushedIntoHistory", follow);
  document.body.addEventListener("htmx:historyCacheMiss", ({ detail }) => {
    detail.xhr.onerror = () => location.reload();
  });
  document.body.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());
  document.body.addEventListener("htmx:historyCacheMissLoad", keep);
  document.body.addEventListener("htmx:historyRestore", () => {
    restore();
    follow();
  });
})();
