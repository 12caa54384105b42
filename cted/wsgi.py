import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cted.settings")
# Before anything connects.
settings.DATABASES["default"].update(settings.DATABASE_OF_PAGES)
django = get_wsgi_application()

# What follows needs the models.
from visits.catalogue import generations  # noqa: E402
from visits.catalogue.caching import PageCache, release  # noqa: E402
from visits.ops import counters  # noqa: E402
from visits.ops.observing import Observed  # noqa: E402

from .bodies import Bodies  # noqa: E402

cache = PageCache(
    Bodies(django),
    generation=generations.Watched(generations.reader(), settings.STALE_SECONDS),
    release=release(),
    max_bytes=settings.PAGE_CACHE_BYTES,
)
application = Observed(cache, place=counters.take_part("worker"))

# What is loaded by now stays: whoever makes many objects, such as a long export, need not have it looked through again
# and again.
gc.freeze()
