"""`among`: rows whose UUID is one of many, sent as one array and not as a parameter each."""

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import In

# Fewer are as fast by themselves, and SQLite then knows how many there are.
_FEW = 200


class Among(models.Lookup):
    """`filter(pk__among=ids)`: what `pk__in` finds; give a set, since Django looks into each member of a list."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Write it as `IN` where a database has no arrays."""
        return In(self.lhs, list(self.rhs)).as_sql(compiler, connection)

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Write many as the rows of one JSON array: thousands of parameters take longer than the query."""
        if len(self.rhs) <= _FEW:
            return self.as_sql(compiler, connection)
        column, parameters = self.process_lhs(compiler, connection)
        ids = json.dumps([one.hex for one in self.rhs])
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, ids]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Write it as `= ANY` of an array."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s::uuid[])", [*parameters, "{" + ",".join(map(str, self.rhs)) + "}"]


def install() -> None:
    """Let every UUID column be asked so; called once by the platform's AppConfig.ready()."""
    models.UUIDField.register_lookup(Among)
