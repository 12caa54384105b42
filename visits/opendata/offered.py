"""The files of the data package, as far as it may be offered."""

from pathlib import Path

from django.http import HttpResponse
from whitenoise.middleware import WhiteNoiseFileResponse
from whitenoise.responders import StaticFile

from visits.catalogue import packages
from visits.catalogue.packages import PackageFile
from visits.exceptions import NoPackage

from .answers import open_data

# Another package may take its place at any time: whoever has a file asks whether it still is the one.
CACHE_CONTROL = "public, max-age=0, must-revalidate"


@open_data
def file(request, name: str) -> HttpResponse:
    """A file of the package, by parts too. Only what its manifest names is one."""
    package = packages.offered()
    found = package and package.file(name)
    if not found:
        raise NoPackage()
    try:
        return answer(StaticFile(str(Path(package.folder, found.name)), headers(found)), request)
    except OSError as error:
        # It made place for another one in between.
        raise NoPackage() from error


def headers(found: PackageFile) -> list[tuple[str, str]]:
    return [
        ("Content-Type", found.media_type),
        ("Content-Disposition", f'attachment; filename="{found.name}"'),
        ("ETag", f'"{found.sha256}"'),
        ("Cache-Control", CACHE_CONTROL),
        ("Accept-Ranges", "bytes"),
    ]


def answer(static: StaticFile, request) -> HttpResponse:
    asked = dict(request.META)
    # Whoever has the beginning of another package gets all of this one.
    if asked.get("HTTP_IF_RANGE", static.etag) != static.etag:
        asked.pop("HTTP_RANGE", None)
    found = static.get_response(request.method, asked)
    response = WhiteNoiseFileResponse(found.file or (), status=found.status)
    del response["Content-Type"]
    for name, value in found.headers:
        response[name] = value
    return response
