// What a page says: every text with words in it, the language it is marked with, whether it is a name or a code, which
// are the same in every language, and whether its direction is kept apart from that of the text around it.
(html) => {
  const SPOKEN = ["alt", "aria-description", "aria-label", "content", "data-none", "data-some", "data-text", "label",
    "placeholder", "title"];
  const UNSAID = "script, style, svg, template";
  const SAYING = "[name=description], [property='og:title'], [property='og:description'], [property='og:site_name']";
  const page = new DOMParser().parseFromString(html, "text/html");
  const root = page.documentElement;
  const said = [];

  const words = (text) => text.replace(/\s+/g, " ").trim();
  const languageOf = (element) => element.closest("[lang]").lang;
  const say = (text, element, from) => {
    if (!/\p{L}/u.test(text)) return;
    said.push({
      text: words(text),
      language: languageOf(element),
      from,
      isName: Boolean(element.closest("bdi, code, samp")),
      isApart: element.closest("bdi, code, samp, [dir], [lang]") !== root,
    });
  };
  // A sentence goes on through the elements inside it, but what is set apart in it says nothing of its language.
  const sentence = (element) => {
    const copy = element.cloneNode(true);
    for (const part of copy.querySelectorAll(`bdi, code, samp, [dir], [lang], ${UNSAID}`)) part.replaceWith("…");
    return copy.textContent;
  };

  for (const element of root.querySelectorAll("*")) {
    if (element.matches(`meta:not(${SAYING})`) || element.parentElement?.closest(UNSAID)) continue;
    for (const { name, value } of element.attributes) if (SPOKEN.includes(name)) say(value, element, name);
    if (element.matches(UNSAID)) continue;
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && words(node.data));
    for (const text of texts) say(text.data, element, element.localName);
    if (texts.length && element.children.length) say(sentence(element), element, "sentence");
  }
  const marked = [root, ...root.querySelectorAll("[lang]")].map((element) => ({
    language: element.lang,
    direction: element.closest("bdi, [dir]").dir || "auto",
    text: words(element.textContent).slice(0, 80),
  }));
  return { said, marked };
}
