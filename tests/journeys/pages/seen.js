// What a page looks like to somebody with this screen: what does not fit, and where the focus cannot be seen.
() => {
  const name = (element) => `<${element.localName} class="${element.className}"> ${element.textContent.trim().slice(0, 40)}`;
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const isForReaders = (element) => element.closest(".visually-hidden") !== null;
  const style = (element) => getComputedStyle(element);
  const root = document.documentElement;

  // Wider than the screen, unless it scrolls by itself.
  const scrolls = (element) => ["auto", "scroll"].includes(style(element).overflowX);
  const within = (element, test) => element !== null && (test(element) || within(element.parentElement, test));
  const isWider = (element) => {
    const { left, right, width } = element.getBoundingClientRect();
    return width > 0 && (left < -1 || right > root.clientWidth + 1);
  };
  // Words that nobody can scroll to.
  const isCut = (element) => {
    const { overflowX, overflowY } = style(element);
    const hides = (overflow) => ["hidden", "clip"].includes(overflow);
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
    return (hides(overflowX) && scrollWidth > clientWidth + 1) || (hides(overflowY) && scrollHeight > clientHeight + 1);
  };
  const all = [...document.body.querySelectorAll("*")].filter((element) => isShown(element) && !isForReaders(element));
  const wider = root.scrollWidth > root.clientWidth ? all.filter((one) => isWider(one) && !within(one, scrolls)) : [];
  const cut = all.filter((element) => element.textContent.trim() && isCut(element));

  // The focus where Tab leads.
  const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const focusable = all.filter((one) => one.matches(FOCUSABLE) && one.tabIndex >= 0 && !one.disabled);
  // A part of it that can be seen will do.
  const isCovered = (element) => {
    const box = element.getClientRects()[0];
    // Of what moves inside a frame, only what the frame shows.
    const frame = element.closest(".scroller")?.getBoundingClientRect() ?? { left: 0, right: innerWidth };
    const [left, right] = [Math.max(box.left, frame.left, 0), Math.min(box.right, frame.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    const points = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [left + x * (right - left), top + y * (bottom - top)]));
    const mine = [element, ...(element.labels ?? [])];
    return !points.some(([x, y]) => {
      const at = document.elementFromPoint(x, y);
      return at && mine.some((one) => one.contains(at));
    });
  };
  const isMarked = (element) => style(element).outlineStyle !== "none" && parseFloat(style(element).outlineWidth) >= 2;
  const hidden = [];
  for (const element of focusable) {
    element.focus();
    if (document.activeElement !== element || isCovered(element)) hidden.push(`covered: ${name(element)}`);
    else if (!isMarked(element)) hidden.push(`not marked: ${name(element)}`);
  }
  return { wider: wider.map(name), cut: cut.map(name), hidden, focusable: focusable.length };
}
