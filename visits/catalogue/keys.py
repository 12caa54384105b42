"""Many primary keys as one value, because databases take only so many values in one question."""

import json
from collections.abc import Iterable

from django.db.models import Func, Value


class Keys(Func):
    """For lookups with `__in`."""

    template = "(SELECT value FROM json_each(%(expressions)s))"

    def __init__(self, keys: Iterable[int]):
        super().__init__(Value(json.dumps(list(keys))))

    def as_postgresql(self, compiler, connection):
        template = "(SELECT value::bigint FROM json_array_elements_text(%(expressions)s))"
        return self.as_sql(compiler, connection, template=template)
