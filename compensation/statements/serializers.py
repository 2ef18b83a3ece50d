"""Statements as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from compensation.statements.models import Statement
from compensation.statements.queries import StatementLine, statement_of
from compensation.statements.wording import line_in_words


class StatementLineSerializer(serializers.Serializer[StatementLine]):
    """One component of one origin month; `words` say how it came about, `department` whose pool it is of."""

    component = serializers.CharField(source="component.code")
    name = serializers.CharField(source="component.name")
    kind = serializers.CharField(source="component.kind")
    scheme = serializers.CharField(source="component.version.scheme.name")
    department = serializers.SerializerMethodField()
    origin_month = serializers.CharField(source="origin")
    is_adjustment = serializers.BooleanField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    basis = serializers.DecimalField(max_digits=18, decimal_places=2)
    credit_count = serializers.IntegerField()
    inputs = serializers.DictField(child=serializers.CharField())
    words = serializers.SerializerMethodField()

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_department(self, line: StatementLine) -> int | None:
        return line.department_id or None

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_words(self, line: StatementLine) -> list[str]:
        return line_in_words(line)


class StatementSerializer(serializers.ModelSerializer[Statement]):
    """A payee's period: what is to be paid."""

    payee_name = serializers.CharField(source="payee.full_name")
    month = serializers.CharField()

    class Meta:
        model = Statement
        fields = ["id", "payee", "payee_name", "month", "amount", "adjustment_amount", "line_count"]
        read_only_fields = fields


class StatementDetailSerializer(StatementSerializer):
    """The same with its lines."""

    lines = serializers.SerializerMethodField()

    class Meta(StatementSerializer.Meta):
        fields = [*StatementSerializer.Meta.fields, "lines"]
        read_only_fields = fields

    @extend_schema_field(StatementLineSerializer(many=True))
    def get_lines(self, statement: Statement) -> list[dict[str, Any]]:
        view = statement_of(statement.payee_id, statement.month)
        lines: Any = StatementLineSerializer(list(view.lines), many=True).data  # type: ignore[arg-type]
        rows: list[dict[str, Any]] = lines
        return rows
