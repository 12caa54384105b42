import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from visits.catalogue.caching import PageCache, generation_reader, release

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cted.settings")

application = PageCache(
    get_wsgi_application(),
    generation=generation_reader(),
    release=release(),
    max_bytes=settings.PAGE_CACHE_BYTES,
)

# What is loaded by now stays: whoever makes many objects, such as a long export, need not have it looked through again
# and again.
gc.freeze()
