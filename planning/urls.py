"""URLs of the `planning` street, gathered from its houses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from planning.calendar import views as calendar
from planning.cascade import parts
from planning.cascade import views as cascade
from planning.control import views as control
from planning.goals import views as goals
from planning.norms import views as norms

app_name = "planning"

urlpatterns: list[URLPattern | URLResolver] = [
    path("plan/", goals.plans, name="plans"),
    path("plan/goal/", goals.goal, name="goal"),
    path("plan/<int:pk>/", goals.plan, name="plan"),
    path("plan/<int:pk>/distribute/", cascade.distribute, name="distribute"),
    path("plan/<int:pk>/agree/", cascade.agree, name="agree"),
    path("plan/<int:pk>/tasks/", cascade.regenerate, name="regenerate"),
    path("plan/headcount/<int:year>/", cascade.headcount, name="headcount"),
    path("plan/nodes/<int:pk>/", control.node, name="node"),
    path("plan/nodes/<int:pk>/counted/<int:activity>/", control.evidence, name="evidence"),
    path("plan/days/", control.my_days, name="my_days"),
    path("plan/days/<int:employee_id>/", control.days, name="days"),
    path("plan/team/", control.team, name="team"),
    path("plan/asked/tasks/<int:pk>/", parts.task_part, name="task_part"),
    path("plan/asked/companies/<int:pk>/", parts.company_part, name="company_part"),
    path("plan/calendar/", calendar.calendar, name="calendar"),
    path("plan/calendar/<int:pk>/remove/", calendar.remove, name="remove_correction"),
    path("plan/norms/", norms.norms, name="norms"),
]
