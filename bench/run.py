"""Measure the budgets of design.md, section 9, and print how each stands: `make bench`.

SIZES are the numbers of visits, BENCH_DATA the folder of the registers: those that are not there yet are invented.
DATABASE=postgresql puts them into a throwaway PostgreSQL instead of files of SQLite.
Everything is measured in rounds beside F and N, so that what else the machine does falls on all of them alike.
"""

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

from tests.postgresql import cluster as throwaway

from . import ROOT, lighthouse, table
from .server import Failed, Server, floor, site, static

SIZES = [int(size) for size in (os.environ.get("SIZES") or "1000 10000 100000 1000000").replace(",", " ").split()]
DATABASE = os.environ.get("DATABASE") or "sqlite"
DATA = Path(os.environ.get("BENCH_DATA") or ROOT / "var" / "bench").resolve()
if DATABASE != "sqlite":
    DATA /= DATABASE
RESULTS = DATA / "results.json"
ROUNDS, LOAD_SECONDS, IDLE_SECONDS, GROWTH_SECONDS = 3, 3, 2, 1200
SEED = 1


def main():
    # Told to end, it ends its servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for tool in ("wrk", "nginx"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is needed: on Debian, apt-get install wrk nginx-light")
    with throwaway() if DATABASE == "postgresql" else nullcontext() as cluster:
        lines = measured(cluster)
    sentence, status = table.verdict(lines)
    say(f"{table.markdown(lines)}\n\n{sentence}. What was read: {RESULTS}")
    sys.exit(status)


def measured(cluster: str | None) -> list:
    """How every budget stands. `cluster`: the address of the PostgreSQL to measure with."""
    results = {"sizes": SIZES, "database": DATABASE, "machine": machine(), "readings": {}}
    for register in [table.DEFAULT, *SIZES]:
        say(f"{register} visits" if register != table.DEFAULT else "the default register")
        if cluster:
            os.environ["DATABASE_URL"] = empty_database(cluster, f"register_{register}".lower())
        data = prepared(register)
        reading = results["readings"][str(register)] = {}
        try:
            if register == table.DEFAULT:
                with site(data) as server:
                    server.settle(["/visits/"])
                    reading["memory"] = server.memory()
                    reading["performance"] = lighthouse.performance(f"http://127.0.0.1:{server.port}")
            else:
                measure(data, reading, requests_of_growth() if register == max(SIZES) else 0)
        except Failed as failed:
            reading.setdefault("failed", []).append(str(failed))
        for sentence in reading.get("failed", ()):
            say(f"  not measured: {sentence}")
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    return table.lines(results["readings"], SIZES)


def empty_database(cluster: str, name: str) -> str:
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return cluster.rpartition("/")[0] + f"/{name}"


def requests_of_growth() -> int:
    return 100_000 if max(SIZES) >= 100_000 else 20_000


def prepared(register) -> Path:
    """The data folder of that register, ready to be served."""
    folder = DATA / str(register)
    if register != table.DEFAULT and (DATABASE != "sqlite" or not (folder / "register.sqlite3").exists()):
        # Under its name only once it is whole.
        unfinished = DATA / f"{register}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        manage(unfinished, "migrate", "--verbosity", "0")
        manage(unfinished, "synthesize", "--visits", str(register), "--seed", str(SEED), quiet=False)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    manage(folder, "prepare")
    return folder


def manage(data: Path, *command: str, quiet: bool = True) -> None:
    data.mkdir(parents=True, exist_ok=True)
    # Quiet, because preparing prints passwords.
    output = subprocess.DEVNULL if quiet else None
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment(data), stdout=output, check=True)


def environment(data: Path) -> dict:
    return os.environ | {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "cted.settings"}


def probe(data: Path) -> dict:
    """What is measured inside a process, and the addresses to ask for."""
    command = [sys.executable, "-m", "bench.probe"]
    done = subprocess.run(command, cwd=ROOT, env=environment(data), capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"the probe ended with {done.stderr[-500:]}")
    return json.loads(done.stdout)


def measure(data: Path, reading: dict, requests: int) -> None:
    """All readings of one register, written into `reading` as they come."""
    found = probe(data)
    pages = {"list": found.pop("lists"), "visit": found.pop("visits"), "search": found.pop("searches", [])}
    staff = found.pop("desk"), {"Cookie": f"sessionid={found.pop('session')}"}
    reading |= found
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        cached = running.enter_context(site(data))
        # Its cache has no room for a page, so that every page is made.
        uncached = running.enter_context(site(data, PAGE_CACHE_BYTES="0"))
        everything = [address for addresses in pages.values() for address in addresses]
        reading["settled_after_seconds"] = [
            server.settle(["/visits/", *pages["list"]]) for server in (cached, uncached)
        ]
        _status, headers, page = cached.get("/visits/")
        if cached.get("/visits/", {"If-None-Match": headers["ETag"]})[0] != 304:
            raise Failed("a conditional GET was not answered with 304")
        (folder / "page.html").write_bytes(page)
        reading["page_kb"] = round(len(page) / 1024, 1)
        f, n = running.enter_context(floor(folder / "page.html")), running.enter_context(static(folder))
        if_changed = {"If-None-Match": headers["ETag"]}
        rounds(
            reading,
            loads={"floor": (f, ["/"], {}), "static": (n, ["/"], {}), "cached": (cached, ["/visits/"], {})}
            | {"unchanged": (cached, ["/visits/"], if_changed)},
            pages={"floor": (f, ["/"], {}), "desk": (uncached, *staff)}
            | {name: (uncached, asked, {}) for name, asked in pages.items() if asked},
        )
        cached.load(everything, {}, 10)
        cached.settle(["/visits/"])
        reading["memory"] = cached.memory()
        if requests:
            reading["growth"] = growth(cached, everything, requests)
        # Last, because what a worker has once held it keeps.
        reading["csv"] = downloads(cached, "/visits.csv")


def rounds(reading: dict, loads: dict, pages: dict) -> None:
    """Each measurement several times, in turn with the others. The quietest counts, every single one is kept."""
    every = {name: [] for name in [*loads, *pages, "fixed work of Python"]}
    measurements = [(name, Server.load, (*asked, LOAD_SECONDS)) for name, asked in loads.items()]
    measurements += [(name, Server.idle, (*asked, IDLE_SECONDS)) for name, asked in pages.items()]
    for _round in range(ROUNDS):
        for name, measured, asked in measurements:
            try:
                every[name].append(measured(*asked))
            except Failed as failed:
                # The others are measured all the same.
                reading.setdefault("failed", []).append(str(failed))
        every["fixed work of Python"].append({"ms": round(fixed_work(), 1)})
    for name, readings in every.items():
        best = {"per_second": max, "ms": min}
        quietest = {unit: [one[unit] for one in readings if unit in one] for unit in best}
        reading[name] = {unit: best[unit](values) for unit, values in quietest.items() if values} | {"every": readings}


def downloads(server: Server, address: str) -> dict:
    """The same file several times, each under another address, so that each is made: the quickest, the most memory."""
    every = [server.download(f"{address}?utm_source={number}") for number in range(ROUNDS)]
    return {
        "rows_per_second": max(one["rows_per_second"] for one in every),
        "worked_us": min(one["worked_us"] for one in every),
        "rss": max(one["rss"] for one in every),
        "every": every,
    }


def growth(server: Server, addresses: list[str], requests: int) -> dict:
    """Megabytes that the fullest worker has more after so many requests, one in ten of a page that was not kept."""
    mixed = [address for asked in addresses for address in ["/visits/"] * 9 + [asked]]
    samples, answered, until = [], 0, time.monotonic() + GROWTH_SECONDS
    while answered < requests * 1.1:
        if time.monotonic() > until:
            raise Failed(f"only {answered} requests were answered in {GROWTH_SECONDS} seconds")
        if answered >= requests * 0.1 * (len(samples) + 1):
            samples.append(server.memory())
        answered += server.load(mixed, {}, 5)["requests"]
        mixed = mixed[997:] + mixed[:997]
    samples.append(server.memory())
    # Until the caches are full it may grow: the first tenth does not count.
    return {"mb": round(max(samples[-1]["pss"]) - max(samples[0]["pss"]), 1), "requests": answered, "samples": samples}


def fixed_work() -> float:
    """Milliseconds of the same piece of Python each time: they tell how quiet the machine was."""
    started = time.perf_counter()
    sum(number * number for number in range(1_000_000))
    return (time.perf_counter() - started) * 1000


def machine() -> dict:
    def told(path: str, name: str) -> str:
        lines = Path(path).read_text().splitlines()
        return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "not known")

    git = ["git", "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty"]
    return {
        "commit": subprocess.run(git, cwd=ROOT, capture_output=True, text=True).stdout.strip() or "not known",
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": told("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "memory": told("/proc/meminfo", "MemTotal"),
        "load_before": os.getloadavg(),
        "python": platform.python_version(),
    } | {package: version(package) for package in ("django", "granian")}


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
