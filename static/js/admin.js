// Django's rows, select2 and the rich-text editor leave their controls without a name that a screen reader could say.
(() => {
  const words = (element) => element?.textContent.trim().replace(/:$/, "") ?? "";
  const nameOf = (control) => {
    const cell = control.closest(".tabular td");
    const heading = cell?.closest("table").tHead?.rows[0].cells[cell.cellIndex];
    return words(heading) || words(control.labels?.[0]);
  };
  const give = (element, name) => {
    if (!element || !name) return;
    element.removeAttribute("aria-labelledby");
    element.setAttribute("aria-label", name);
  };
  const nameWithin = (root) => {
    for (const control of root.querySelectorAll(".tabular td :is(input:not([type=hidden]), select, textarea)")) {
      if (!control.labels?.length) give(control, nameOf(control));
    }
    for (const shown of root.querySelectorAll(".select2-selection")) {
      const select = shown.closest(".select2-container").previousElementSibling;
      const name = select && (nameOf(select) || select.getAttribute("aria-label"));
      give(shown, name);
      // The value is said as the content of the combobox, not as a text field of its own.
      for (const value of shown.querySelectorAll("[role=textbox]")) {
        value.removeAttribute("role");
        value.removeAttribute("aria-readonly");
      }
    }
    for (const editor of root.querySelectorAll(".ProseMirror[contenteditable]")) {
      give(editor, nameOf(editor.closest(".prose-editor").querySelector("textarea")));
    }
    // The column that Django keeps for the name of a row has no heading.
    for (const heading of root.querySelectorAll(".tabular thead th:empty")) heading.setAttribute("role", "presentation");
  };
  nameWithin(document);
  new MutationObserver((changes) => {
    const parents = new Set(changes.filter((change) => change.addedNodes.length).map((change) => change.target));
    for (const parent of parents) if (!parent.closest(".ProseMirror")) nameWithin(parent);
  }).observe(document.body, { childList: true, subtree: true });
})();

// What was typed is not lost by a click on a link: the browser asks first.
(() => {
  const form = document.querySelector("#content-main > form[method=post], form[data-review]");
  if (!form) return;
  let unsaved = Boolean(document.querySelector(".errornote"));
  const touch = () => { unsaved = true; };
  form.addEventListener("input", touch);
  // Choices made in a select2 are told to jQuery only.
  window.django?.jQuery?.(form).on("change", touch);
  form.addEventListener("submit", () => { unsaved = false; });
  // What nobody has touched since it was loaded the browser does not ask about; it would only complain of the attempt.
  const isTouched = () => navigator.userActivation?.hasBeenActive ?? true;
  window.addEventListener("beforeunload", (event) => { if (unsaved && isTouched()) event.preventDefault(); });
})();
