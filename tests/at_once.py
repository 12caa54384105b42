"""Whether a process whose threads all answer at once answers what it answers alone: nothing that it keeps may be half
made by another thread, and no object may be used by two that is made for one.

python -m tests.at_once: on the register of DATA_DIR. Prints how much was asked, and each address that was answered
otherwise, or with an error.
"""

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import cycle
from threading import Barrier

import django

from tests.live import RACES_ARE_LONG

# So that threads take turns in the middle of everything; ordinary ones do so 200 times a second.
SWITCH_SECONDS = 2e-5
THREADS, TURNS = 3, 5 if RACES_ARE_LONG else 1
# Which each answer has for itself: the tokens of forms, what scripts are known by, the number of the request.
OF_ONE_ANSWER = re.compile(
    rb'(?<=name="csrfmiddlewaretoken" value=")[^"]+|(?<=name="token" value=")[^"]+|(?<=nonce=")[^"]+|\b[0-9a-f]{16}\b'
)
HEADERS = ("Content-Type", "Location", "X-Total-Count")


def main() -> None:
    django.setup()
    asked, session = addresses(), session_of_editor()
    # Staff are told on the next page why they were led away from this one.
    asked = [address for address in asked if answer_to(address, session)[0] != 302]
    session = session_of_editor()
    alone = {address: answer_to(address, session) for address in asked}
    told = [address for address, (status, *_rest) in alone.items() if status >= 500]
    sys.setswitchinterval(SWITCH_SECONDS)
    for turn in range(TURNS):
        told += otherwise(alone, shuffled(asked, turn), session)
    json.dump({"asked": TURNS * THREADS * len(asked), "otherwise": sorted(set(told))}, sys.stdout)


def otherwise(alone: dict[str, tuple], order: list[str], session: str) -> list[str]:
    """What a cold process answers otherwise where all threads ask for the same at the same time."""
    start = Barrier(THREADS)

    def ask(_thread: int) -> list[str]:
        start.wait(timeout=60)
        return [address for address in order if answer_to(address, session) != alone[address]]

    cold()
    with ThreadPoolExecutor(THREADS) as threads:
        return [address for told in threads.map(ask, range(THREADS)) for address in told]


def shuffled(every: list[str], turn: int) -> list[str]:
    """All of them, in an order that is the same in each run."""
    return sorted(every, key=lambda address: sha256(f"{turn} {address}".encode()).digest())


def addresses() -> list[str]:
    """Each page and document of the public and of staff, in one language after the other."""
    from tests.surfaces import LANGUAGES, surfaces

    found = {}
    for surface in surfaces():
        # Pages of accounts leave messages for the next page too.
        if surface.method == "GET" and not surface.address.startswith("/accounts/"):
            found.setdefault(surface.name, {}).setdefault(surface.language, surface.address)
    of_language = zip(found.values(), cycle(LANGUAGES), strict=False)
    return [by_language.get(language) or next(iter(by_language.values())) for by_language, language in of_language]


def session_of_editor() -> str:
    from django.test import Client

    from visits.enums import Role
    from visits.models import User

    client = Client()
    client.force_login(
        User.objects.filter(groups__name=Role.EDITOR).first(), "django.contrib.auth.backends.ModelBackend"
    )
    return client.session.session_key


def cold() -> None:
    """Forget what a process keeps beside the database."""
    from django.conf import settings

    from tests.conftest import forget
    from visits.opendata import bundle
    from visits.text import marks, match

    forget()
    bundle.build(settings.BUNDLE_DIR)
    for kept in (match.stems, match.tokens, marks.read):
        kept.cache_clear()


def answer_to(address: str, session: str) -> tuple:
    from tests.crawler import Browser
    from tests.surfaces import told

    answer = Browser(max_bytes=0).get(address, HTTP_COOKIE=f"sessionid={session}")
    return answer.status, [answer.headers.get(name) for name in HEADERS], OF_ONE_ANSWER.sub(b"", told(answer))


if __name__ == "__main__":
    main()
