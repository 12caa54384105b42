"""The unit files of systemd, as far as deploy/systemd and nginx make use of them. Needs nothing but Python."""

import re
import shlex
from pathlib import Path

FOLDERS = (Path("/etc/systemd/system"), Path("/lib/systemd/system"))


class Unit:
    def __init__(self, path: Path):
        self.name = path.name
        self.settings: dict[str, list[str]] = {}
        for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
            name, equals, value = line.strip().partition("=")
            if equals and not name.startswith(("#", ";", "[")):
                self.settings.setdefault(name, []).append(value.strip())

    def all(self, name: str) -> list[str]:
        """The values of a setting that can stand there again and again. An empty one takes those before it back."""
        values: list[str] = []
        for value in self.settings.get(name, []):
            values = [*values, value] if value else []
        return values

    def last(self, name: str, default: str = "") -> str:
        return self.settings.get(name, [default])[-1]

    def environment(self) -> dict[str, str]:
        """Files come after what the unit says itself, and so before it in force."""
        given = [pair for line in self.all("Environment") for pair in shlex.split(line)]
        for name in self.all("EnvironmentFile"):
            given += shlex.split(Path(name).read_text(encoding="utf-8"), comments=True)
        return dict(pair.split("=", 1) for pair in given)

    def commands(self, setting: str, values: dict[str, str]) -> list[tuple[list[str], bool]]:
        """The commands of one setting in order, each with whether its failure counts."""
        found = []
        for line in self.all(setting):
            counts = not line.startswith("-")
            found.append(([filled(word, values) for word in shlex.split(line.lstrip("-"))], counts))
        return found


def find(name: str) -> Unit:
    name = name if "." in name else f"{name}.service"
    for folder in FOLDERS:
        if (folder / name).exists():
            return Unit(folder / name)
    raise FileNotFoundError(f"Unit {name} not found.")


def filled(word: str, values: dict[str, str]) -> str:
    def fill(match):
        return values.get(match[1], "") if match[1] else match[0][0]

    return re.sub(r"\$\$|%%|\$\{(\w+)\}|\$(?=MAINPID\b)(MAINPID)", fill, word)
