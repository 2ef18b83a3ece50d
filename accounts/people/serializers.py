"""Employees as JSON."""

from __future__ import annotations

from rest_framework import serializers

from accounts.people.models import Employee
from accounts.roles import Role


class EmployeeSerializer(serializers.ModelSerializer[Employee]):
    """A person who works here; role, department, direction and manager are today's, null for who stands nowhere."""

    role = serializers.ChoiceField(source="place_role", choices=Role.choices, allow_null=True)
    department = serializers.IntegerField(source="place_department", allow_null=True)
    direction = serializers.IntegerField(source="place_direction", allow_null=True)
    manager = serializers.IntegerField(source="place_manager", allow_null=True)

    class Meta:
        model = Employee
        fields = ("id", "full_name", "code", "role", "department", "direction", "manager", "hired_on", "dismissed_on")
        read_only_fields = fields
