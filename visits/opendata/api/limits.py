"""How often one address may ask: fair to all, and far above what reading the whole register takes."""

import threading
import time
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

WINDOW = 60
# Workers tell each other of what came from an address when it was this part of the rate. Most never ask so much: no
# read of theirs writes anything, or waits for somebody who does.
PART = 10


@dataclass(frozen=True)
class Standing:
    """How much of the `limit` of this window is left, and in how many seconds it ends."""

    limit: int
    left: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """As the draft of the IETF has them (draft-ietf-httpapi-ratelimit-headers)."""
        return {
            "RateLimit-Policy": f'"minute";q={self.limit};w={WINDOW}',
            "RateLimit": f'"minute";r={self.left};t={self.seconds}',
        }


class Counter:
    """How often each address has asked in this window: here and, as they tell in the shared cache, other workers."""

    def __init__(self):
        self.window, self.own, self.others = 0, {}, {}
        self.lock = threading.Lock()

    def count(self, address: str, window: int, step: int) -> int:
        with self.lock:
            if window != self.window:
                self.window, self.own, self.others = window, {}, {}
            own = self.own[address] = self.own.get(address, 0) + 1
        if own % step == 0:
            self.others[address] = self.tell(f"api-{window}-{sha256(address.encode()).hexdigest()}", step) - own
        return own + self.others.get(address, 0)

    def tell(self, key: str, step: int) -> int:
        """Add to what all workers have told, and return it."""
        cache.add(key, 0, 2 * WINDOW)
        try:
            return cache.incr(key, step)
        except ValueError:
            # A full cache has dropped it.
            return step


counter = Counter()


class FairUse(BaseThrottle):
    """`API_RATE` requests a minute; none is counted where that is 0. The view finds how it stands in `standing`."""

    def allow_request(self, request, view) -> bool:
        if not settings.API_RATE:
            return True
        now = time.time()
        asked = counter.count(address_of(request), int(now // WINDOW), max(1, settings.API_RATE // PART))
        left, self.seconds = settings.API_RATE - asked, WINDOW - int(now % WINDOW)
        view.standing = Standing(settings.API_RATE, max(0, left), self.seconds)
        return left >= 0

    def wait(self) -> int:
        return self.seconds


def address_of(request) -> str:
    """What the request came from; of IPv6 the network that one subscriber has."""
    address = ip_address(get_adapter(request).get_client_ip(request))
    return str(ip_network((address, 64), strict=False) if isinstance(address, IPv6Address) else address)
