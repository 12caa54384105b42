"""Somebody who comes to the site by its public name."""

import ssl
import time
import urllib.request

from tests import live

CERTIFICATE = "/etc/ssl/register/fullchain.pem"


class Visitor(live.Visitor):
    """Trusts the site's certificate and no other, and comes from a page of it."""

    def __init__(self, name: str):
        super().__init__(
            f"https://{name}", urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=CERTIFICATE))
        )

    def get(self, path: str, data: dict | None = None, **headers: str) -> live.Answer:
        """Waits where it is asked to slow down."""
        for _attempt in range(20):
            answer = super().get(path, data, Referer=f"{self.url}/", **headers)
            if answer.status != 429:
                break
            time.sleep(1)
        return answer

    def wait(self, path: str = "/readyz", status: int = 200) -> live.Answer:
        deadline = time.monotonic() + 120
        while (answer := self.get(path)).status != status:
            if time.monotonic() > deadline:
                raise AssertionError(f"{path} was answered with {answer.status} for two minutes")
            time.sleep(0.2)
        return answer
