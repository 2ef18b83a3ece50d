"""This week's work of everybody whose tasks do not come of calls and deals."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.people.models import Employee
from accounts.roles import Role
from accounts.structure.models import Assignment
from pipeline.tasks.models import Task
from pipeline.tasks.services import TaskDraft, create_tasks
from salesys.db import clock
from salesys.demo.logins import email_of
from salesys.demo.setting import Setting


def give_desk_work(setting: Setting) -> None:
    """A few tasks for each, spread over this week and the next; asked for by the director, the director's by the owner."""
    create_tasks(actor=None, drafts=list(_drafts(setting)))


def _drafts(setting: Setting) -> Iterator[TaskDraft]:
    authors = {role: Employee.all_rows.get(user__email=email_of(role)).pk for role in (Role.OWNER, Role.COMMERCIAL_DIRECTOR)}
    today = clock.today()
    people = Assignment.all_rows.filter(valid__contains=today, role__in=list(setting.words.desk)).order_by("employee_id")
    for turn, (employee, role) in enumerate(people.values_list("employee_id", "role")):
        author = authors[Role.OWNER if role in {Role.OWNER, Role.COMMERCIAL_DIRECTOR} else Role.COMMERCIAL_DIRECTOR]
        for number, title in enumerate(setting.words.desk[role]):
            due_on = setting.next_working_day(today, least=number * 2 + turn % 2)
            yield TaskDraft(kind=Task.Kind.OTHER, title=title, assignee_id=employee, author_id=author, due_on=due_on)
