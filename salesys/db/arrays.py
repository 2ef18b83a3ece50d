"""One of many values that a subquery gives, in a form that PostgreSQL looks up by index even beside an OR."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Lookup, Q, QuerySet


class _OneOf(Lookup):
    """`column = ANY(array)`."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The array is computed once, before the rows are looked for."""
        column, parameters = self.process_lhs(compiler, connection)
        array, more = compiler.compile(self.rhs)
        return f"{column} = ANY({array})", [*parameters, *more]


def one_of(column: str, values: QuerySet[Any, Any]) -> Q:
    """Rows whose column is among the values of a queryset of one column.

    `Q(a=1) | Q(b__in=rows)` walks over the whole table, because a subquery beside an OR is asked row by row; with this in the
    place of the second, two indexes are joined. For a few thousand values at most: they are held in memory.
    """
    return Q(_OneOf(F(column), ArraySubquery(values)))
