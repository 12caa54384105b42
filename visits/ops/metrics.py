"""/metrics, for Prometheus: what the processes counted, and how the register stands while it is asked.

It is answered in front of Django, for METRICS_NETWORKS alone, under any host name and without HTTPS: whoever watches
the process asks it directly. For everybody else there is no such address.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, close_old_connections
from django.db.models import Count
from django.utils import timezone
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric

from visits.catalogue import packages
from visits.editorial import scheduling
from visits.enums import State
from visits.models import Edition, Email, Generation, SearchRow

from . import counters, health, processes

ADDRESS = "/metrics"
# What a proxy says of whom it passes on.
PASSED_ON = ("HTTP_X_FORWARDED_", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


def may_ask(environ) -> bool:
    """Whether this comes from one of METRICS_NETWORKS.

    A proxy on this machine makes everybody look like this machine. What was passed on is therefore believed only where
    TRUSTED_PROXY_COUNT says how, and the addresses are there; otherwise nobody may ask through a proxy.
    """
    is_passed_on = any(name.startswith(PASSED_ON) for name in environ)
    if is_passed_on and not (settings.ALLAUTH_TRUSTED_PROXY_COUNT and environ.get("HTTP_X_FORWARDED_FOR")):
        return False
    try:
        request = WSGIRequest(environ)
        client = ip_address(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured, ValueError):
        return False
    client = getattr(client, "ipv4_mapped", None) or client
    return any(client in network for network in settings.METRICS_NETWORKS)


def answer(environ, start_response, release: str) -> list[bytes]:
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        start_response("405 Method Not Allowed", [("Allow", "GET, HEAD"), ("Content-Length", "0")])
        return [b""]
    close_old_connections()
    try:
        registry = counters.counted()
        registry.register(Register(release))
        said = generate_latest(registry)
    finally:
        close_old_connections()
    headers = [("Content-Type", CONTENT_TYPE_PLAIN_0_0_4), ("Content-Length", str(len(said)))]
    start_response("200 OK", [*headers, ("Cache-Control", "no-store")])
    return [said if environ["REQUEST_METHOD"] == "GET" else b""]


class Register:
    """How it stands. What cannot be found out is left out, and the checks say why."""

    def __init__(self, release: str):
        self.named = release

    def collect(self) -> Iterator[Metric]:
        for family in (self.release, self.checks, self.memory, self.room, self.backup, self.package, self.rows):
            with suppress(DatabaseError, OSError, ValueError):
                yield from family()

    def release(self) -> Iterator[Metric]:
        yield InfoMetricFamily("cted_release", "The release that runs.", {"release": self.named})

    def checks(self) -> Iterator[Metric]:
        said = {name: health.outcome(check) for name, check in (health.CHECKS | health.WORRIES).items()}
        well = {name: outcome == "ok" for name, outcome in said.items()}
        yield gauge("cted_check_ok", "1 where /readyz finds nothing wrong.", "check", well.items())

    def memory(self) -> Iterator[Metric]:
        sizes = [(place, resident_bytes(pid)) for place, pid in processes.running().items()]
        yield gauge("cted_process_resident_memory_bytes", "Memory of each process.", "process", sizes)

    def room(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("cted_free_bytes", "Free room of DATA_DIR.", health.free_bytes())

    def backup(self) -> Iterator[Metric]:
        if made := health.last_backup():
            yield GaugeMetricFamily("cted_backup_age_seconds", "Time since the last backup.", age(made))

    def package(self) -> Iterator[Metric]:
        if package := packages.read(settings.BUNDLE_DIR):
            built = age(package.built_at)
            yield GaugeMetricFamily("cted_data_package_age_seconds", "Time since the data package was built.", built)

    def rows(self) -> Iterator[Metric]:
        counts = dict.fromkeys(State.values, 0) | dict(
            Edition.objects.order_by().values_list("state").annotate(count=Count("pk"))
        )
        yield GaugeMetricFamily("cted_generation", "Changes that the public could see.", Generation.current())
        yield gauge("cted_editions", "Editions by their state.", "state", counts.items())
        yield GaugeMetricFamily("cted_search_rows", "Visits that a search can find.", SearchRow.objects.count())
        late = Edition.objects.due(timezone.now() - scheduling.PROMISED).count()
        yield GaugeMetricFamily("cted_overdue_editions", "Editions that should be public by now.", late)
        given_up = Email.objects.given_up().count()
        yield GaugeMetricFamily("cted_mail_waiting", "E-mail that waits to be sent.", Email.objects.count() - given_up)
        yield GaugeMetricFamily("cted_mail_given_up", "E-mail that could not be sent for days.", given_up)


def gauge(name: str, help_text: str, label: str, samples: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=[label])
    for value, number in samples:
        family.add_metric([value], number)
    return family


def age(moment: datetime) -> float:
    return (timezone.now() - moment).total_seconds()


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
