// A button beside lines that somebody may want to copy. Without this script they are selected by hand.
for (const snippets of document.querySelectorAll("[data-copy]")) {
  const { copy, copied } = snippets.dataset;
  for (const code of navigator.clipboard ? snippets.querySelectorAll("pre") : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button snippets__copy";
    button.textContent = copy;
    button.setAttribute("aria-describedby", code.getAttribute("aria-labelledby"));
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = copied;
      setTimeout(() => (button.textContent = copy), 2000);
    });
    code.after(button);
  }
}
