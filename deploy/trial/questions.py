"""What is asked of the site before and after blocks of docs/operations.md. Each is one promise of that page."""

import ast
import json
import re
import shlex
import socket
import ssl
from contextlib import ExitStack, contextmanager
from pathlib import Path

from machine import run
from visitor import Visitor

DATA, BACKUPS = Path("/srv/register/data"), Path("/srv/register/backups")
AFTER, BEFORE = {}, {}


def asked(when: dict, chapter: str, number: int):
    def keep(question):
        when.setdefault((chapter, number), []).append(question)
        return question

    return keep


class Trial:
    """What is known of the site so far."""

    def __init__(self, name: str):
        self.name = name
        self.logins: dict[str, tuple[str, str]] = {}
        self.author: Visitor | None = None

    def visitor(self) -> Visitor:
        return Visitor(self.name)

    def signed_in(self, role: str) -> Visitor:
        visitor = self.visitor()
        answer = visitor.sign_in(*self.logins[role])
        same(answer.status, 302)
        return visitor

    def is_signed_in(self, visitor: Visitor) -> bool:
        return visitor.get("/admin/").status == 200


def same(found, wanted):
    if found != wanted:
        raise AssertionError(f"{found!r} where {wanted!r} is promised")


@asked(AFTER, "Install", 9)
def first_logins_are_printed_once(trial, output):
    found = re.findall(r"^  (author|editor|administrator) +(\S+) +(\S+)$", output, re.M)
    trial.logins = {role: (name, password) for role, name, password in found}
    same(sorted(trial.logins), ["administrator", "author", "editor"])


@asked(AFTER, "Install", 9)
def data_is_its_users_alone(trial, output):
    same({oct(folder.stat().st_mode & 0o777) for folder in (DATA, BACKUPS)}, {"0o700"})
    same([path.name for path in DATA.iterdir() if path.is_file() and path.stat().st_mode & 0o077], [])
    same({path.owner() for path in DATA.rglob("*")}, {"register"})


@asked(AFTER, "Install", 10)
def systemd_can_read_the_units(trial, output):
    units = sorted(map(str, Path("/etc/systemd/system").glob("register*")))
    same(len(units), 3)
    told = run("systemd-analyze verify --man=no " + " ".join(units))
    same((told.returncode, [line for line in told.stdout.splitlines() if "register" in line]), (0, []))


@asked(AFTER, "Install", 10)
def the_service_is_held_in(trial, output):
    pid = Path("/run/stand-in/register.service.pid").read_text()
    status = Path(f"/proc/{pid}/status").read_text()
    told = dict(re.findall(r"^(NoNewPrivs|CapEff|CapBnd|Seccomp|Umask):\s+(\S+)$", status, re.M))
    none = "0000000000000000"
    same(told, {"NoNewPrivs": "1", "CapEff": none, "CapBnd": none, "Seccomp": "2", "Umask": "0077"})
    same(Path(f"/proc/{pid}").owner(), "register")
    writing = f"nsenter --target {pid} --mount --root runuser -u register -- touch"
    same(run(f"{writing} /srv/register/data/probe && rm /srv/register/data/probe").returncode, 0)
    for folder in ("/srv/register/backups", "/var/log", "/srv/register/current/visits"):
        same("Read-only" in run(f"nsenter --target {pid} --mount --root touch {folder}/probe").stdout, True)


@asked(AFTER, "Install", 13)
def the_site_is_ready(trial, output):
    same(json.JSONDecoder().raw_decode(output[output.index("{") :])[0]["status"], "ready")


@asked(AFTER, "Install", 13)
def pages_in_six_languages(trial, output):
    for prefix in ("", "/ar", "/zh-hans", "/fr", "/ru", "/es"):
        for path in ("/", "/visits/", "/visits/denmark-2018/", "/statistics/"):
            answer = trial.visitor().get(prefix + path)
            same((path, answer.status, "<h1" in answer.text), (path, 200, True))
    same(trial.visitor().get("/visits.json").headers["content-type"].partition(";")[0], "application/json")
    same(trial.visitor().get("/no-such-page/").status, 404)


@asked(AFTER, "Install", 13)
def static_files_are_compressed_once_and_kept_for_good(trial, output):
    visitor = trial.visitor()
    path = re.search(r'href="(/static/css/[^"]+\.[0-9a-f]{12}\.css)"', visitor.get("/").text)[1]
    for coding in ("gzip", "br"):
        same(visitor.get(path, Accept_Encoding=coding).headers["content-encoding"], coding)
    same("immutable" in visitor.get(path).headers["cache-control"], True)
    page = visitor.get("/visits/", Accept_Encoding="gzip")
    same(page.headers["content-encoding"], "gzip")


@asked(AFTER, "Install", 13)
def plain_http_leads_to_https_of_this_name(trial, output):
    for path in ("/visits/?q=border%20control", "//elsewhere.example/"):
        answer = trial.visitor().get(f"http://{trial.name}{path}")
        same((answer.status, answer.headers["location"]), (301, f"https://{trial.name}{path}"))


@asked(AFTER, "Install", 13)
def browsers_are_bound_to_what_the_application_says(trial, output):
    headers = trial.visitor().get("/").headers
    same(headers["strict-transport-security"].startswith("max-age=31536000"), True)
    for name in ("content-security-policy", "x-content-type-options", "cross-origin-opener-policy", "referrer-policy"):
        same((name, name in headers), (name, True))
    same(headers["server"], "nginx")
    cookies = trial.visitor().get("/accounts/login/").headers["set-cookie"]
    same("secure" in cookies.lower(), True)


@asked(AFTER, "Install", 13)
def nothing_of_the_clients_word_gets_through(trial, output):
    lies = {
        "X_Forwarded_Host": "elsewhere.example",
        "X_Forwarded_Proto": "http",
        "X_Forwarded_For": "192.0.2.7",
        "Forwarded": "for=192.0.2.7;proto=http;host=elsewhere.example",
    }
    answer = trial.visitor().get("/visits/?q=told", **lies)
    same((answer.status, "elsewhere.example" in answer.text), (200, False))


@asked(AFTER, "Install", 13)
def limits_count_by_the_address_that_nginx_saw(trial, output):
    left = set()
    for number in range(12):
        path = f"/api/v1/visits/?page_size={number + 1}"
        limit = trial.visitor().get(path, X_Forwarded_For=f"192.0.2.{number}").headers["ratelimit"]
        left.add(int(re.search(r"r=(\d+)", limit)[1]))
    # Whoever was believed would have all but one left each time. Two workers count apart, and a minute may just end.
    same(min(left) <= 597, True)


@asked(AFTER, "Install", 13)
def other_names_get_no_answer(trial, output):
    same(raw(b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n", 80), b"")
    told = raw(b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n", 443, trial.name)
    same(told[:12] in (b"", b"HTTP/1.1 421", b"HTTP/1.1 400"), True)
    try:
        raw(b"GET / HTTP/1.1\r\n\r\n", 443, "elsewhere.example")
    except ssl.SSLError:
        return
    raise AssertionError("another name was greeted by TLS")


def raw(request: bytes, port: int, name: str | None = None) -> bytes:
    with connected(port, name) as connection:
        connection.sendall(request)
        return connection.recv(4096)


@contextmanager
def connected(port: int, name: str | None):
    """A connection of one's own; with a name, by TLS, which greets by it."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
        if name is None:
            yield plain
            return
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with context.wrap_socket(plain, server_hostname=name) as connection:
            yield connection


@asked(AFTER, "Install", 13)
def large_requests_end_at_nginx_and_files_of_staff_do_not(trial, output):
    same(trial.visitor().get("/report/", {"text": "x" * 2_000_000}).status, 413)
    same(trial.visitor().get("/admin/", {"text": "x" * 2_000_000}).status, 403)
    same(trial.visitor().get("/", Cookie="x" * 40_000).status, 400)


@asked(AFTER, "Install", 13)
def metrics_are_not_for_the_public(trial, output):
    same(trial.visitor().get("/metrics").status, 404)


@asked(AFTER, "Install", 13)
def who_sends_slowly_holds_no_worker_and_has_so_many_connections(trial, output):
    unfinished = f"POST /report/ HTTP/1.1\r\nHost: {trial.name}\r\nContent-Length: 100\r\n\r\n".encode()

    def told_to_the_last_of(number):
        with ExitStack() as held:
            # More than both workers answer at once.
            for count in range(number):
                connection = held.enter_context(connected(443, trial.name))
                connection.sendall(unfinished)
                if count == 50:
                    same(trial.visitor().get("/visits/").status, 200)
            return connection.recv(4096)[:12]

    # Where the machine is so busy that the first ones are given up before the last come, it takes another try.
    told = next(filter(None, (told_to_the_last_of(70) for _try in range(4))), b"")
    same(told, b"HTTP/1.1 429")


@asked(AFTER, "Install", 13)
def staff_sign_in_and_deciders_are_led_to_a_second_factor(trial, output):
    trial.author = trial.signed_in("author")
    same(trial.is_signed_in(trial.author), True)
    administrator = trial.signed_in("administrator")
    same(administrator.get("/admin/").headers["location"], "/accounts/2fa/")


@asked(AFTER, "Backup", 1)
def a_backup_is_there_and_old_ones_go_only_after_a_new_one(trial, output):
    kept = [path for path in BACKUPS.iterdir() if path.suffix == ".zip"]
    same({oct(path.stat().st_mode & 0o777) for path in kept}, {"0o600"})
    same(trial.visitor().get("/readyz").text.count("backup"), 0)
    for name in ("register-old.zip", "register-old.zip.replaced-x", "of-somebody-else.zip"):
        run(f"cd {BACKUPS}; touch --date '40 days ago' {name}; chown register: {name}")
    same(run("systemctl start register-backup.service").returncode, 0)
    left = {path.name for path in BACKUPS.iterdir()}
    same(
        (len(left), {name for name in left if "old" in name or "else" in name}),
        (len(kept) + 2, {"of-somebody-else.zip"}),
    )


@asked(BEFORE, "Restore", 1)
def something_changes_after_the_backup(trial):
    same(first_name("UPDATE visits_user SET first_name = 'Later' WHERE username = 'author'"), [("Later",)])


@asked(AFTER, "Restore", 1)
def the_register_is_that_of_the_backup(trial, output):
    same(first_name(""), [("",)])
    same(trial.visitor().wait("/visits/denmark-2018/").status, 200)
    same(trial.is_signed_in(trial.author), False)
    trial.author = trial.signed_in("author")


def first_name(change: str) -> list:
    """The first name of the author, after this was done by the user of the service."""
    asking = "SELECT first_name FROM visits_user WHERE username = 'author'"
    program = (
        "import sqlite3, sys; database = sqlite3.connect(sys.argv[1], timeout=20); "
        "database.execute(sys.argv[2]); database.commit(); print(database.execute(sys.argv[3]).fetchall())"
    )
    words = ["runuser", "-u", "register", "--", "python3", "-c", program]
    words += [str(DATA / "register.sqlite3"), change or asking, asking]
    return ast.literal_eval(run(shlex.join(words)).stdout)


@asked(AFTER, "Upgrade", 5)
def the_old_version_serves_while_the_new_one_migrates(trial, output):
    same(trial.visitor().get("/visits/denmark-2018/").status, 200)


@asked(AFTER, "Upgrade", 6)
def the_new_version_runs(trial, output):
    pid = Path("/run/stand-in/register.service.pid").read_text()
    same(Path(f"/proc/{pid}/cwd").resolve().name, "register-0.2.0")
    same(trial.is_signed_in(trial.author), True)


@asked(AFTER, "The secret key", 1)
@asked(AFTER, "The secret key", 2)
def sessions_outlive_a_new_key(trial, output):
    trial.visitor().wait()
    same(trial.is_signed_in(trial.author), True)


@asked(AFTER, "The secret key", 3)
def a_key_that_somebody_may_have_is_of_no_use(trial, output):
    trial.visitor().wait()
    same(trial.is_signed_in(trial.author), False)


@asked(BEFORE, "The passwords of staff", 1)
def the_editor_is_signed_in(trial):
    trial.author = trial.signed_in("editor")
    same(trial.author.get("/accounts/2fa/").status, 200)


@asked(AFTER, "The passwords of staff", 1)
def a_new_password_ends_sessions(trial, output):
    same(trial.author.get("/accounts/2fa/").status, 302)
    same(trial.visitor().sign_in(*trial.logins["editor"]).status, 200)


@asked(AFTER, "A word too early is public", 1)
def readers_are_told_to_come_back(trial, output):
    answer = trial.visitor().get("/visits/denmark-2018/")
    same((answer.status, answer.headers["retry-after"]), (503, "60"))
    same([word for word in ("السجل", "登记册", "registre", "Реестр", "registro") if word not in answer.text], [])
    same("left when" in Path("/run/stand-in/register.service.log").read_text(), False)


@asked(AFTER, "A word too early is public", 3)
def the_page_is_asked_for_as_a_reader(trial, output):
    same("HTTP/2 200" in output, True)


@asked(BEFORE, "A damaged database", 1)
def the_database_is_damaged(trial):
    with (DATA / "register.sqlite3").open("r+b") as database:
        database.write(b"This is no database any more. " * 1000)


@asked(AFTER, "A damaged database", 1)
def the_register_is_back(trial, output):
    trial.visitor().wait()
    same(trial.visitor().get("/visits/denmark-2018/").status, 200)


@asked(AFTER, "The site is down", 1)
def it_is_told_what_runs(trial, output):
    same([word for word in ("register.service", "nginx.service", '"status"') if word not in output], [])


@asked(AFTER, "Somebody demands removal", 1)
def one_backup_is_left(trial, output):
    trial.visitor().wait()
    same(len(list(BACKUPS.glob("register-*.zip*"))), 1)
