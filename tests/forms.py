"""What a browser would send from a page, for clients that need nothing of the application."""

from html.parser import HTMLParser


class Fields(HTMLParser):
    """The values that a browser would post from the page, by name."""

    def __init__(self, html: str):
        super().__init__()
        self.values: dict[str, str | list[str]] = {}
        self.area = self.select = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name", "")
        if tag == "input" and attrs.get("type") in ("checkbox", "radio"):
            if "checked" in attrs:
                self.values.setdefault(name, [])
                self.values[name].append(attrs.get("value", "on"))
        elif tag == "input" and name and attrs.get("type") != "submit" and "disabled" not in attrs:
            self.values[name] = attrs.get("value", "")
        elif tag == "textarea":
            self.area, self.values[name] = name, ""
        elif tag == "select":
            self.select = name
            self.values[name] = [] if "multiple" in attrs else ""
        elif tag == "option" and self.select is not None and "selected" in attrs:
            if isinstance(self.values[self.select], list):
                self.values[self.select].append(attrs["value"])
            else:
                self.values[self.select] = attrs["value"]

    def handle_data(self, data):
        if self.area is not None:
            self.values[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser drops the line end after the opening tag and posts the others as CRLF.
            self.values[self.area] = self.values[self.area].removeprefix("\n").replace("\n", "\r\n")
            self.area = None
        elif tag == "select":
            self.select = None
