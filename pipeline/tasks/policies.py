"""Who may do what with tasks that they see."""

from __future__ import annotations

from accounts.roles import HEAD_ROLES, Role
from pipeline.tasks.models import Task
from salesys.db.scope import viewer_for


def can_give_tasks(user: object) -> bool:
    """Who has tasks of their own or sees others': the administrator has nothing to ask of the people of the conveyor."""
    return viewer_for(user).reach("tasks") != "none"


def can_work_on_task(user: object, task: Task) -> bool:
    """Its assignee; heads for the people below them."""
    viewer = viewer_for(user)
    return task.assignee_id == viewer.employee_id or (viewer.role in HEAD_ROLES and task.assignee_id in viewer.team_ids)


def can_direct_task(user: object, task: Task) -> bool:
    """Reassign or cancel: who asked for it, its assignee's heads, the top."""
    viewer = viewer_for(user)
    return task.author_id == viewer.own_id or (
        viewer.role in HEAD_ROLES and (viewer.reach("tasks") == "all" or task.assignee_id in viewer.team_ids)
    )


def is_prepared_by(user: object, task: Task) -> bool:
    """Whether the viewer is the assistant who was asked for the task's card or letter."""
    viewer = viewer_for(user)
    return viewer.role == Role.ASSISTANT and task.assignee_id == viewer.own_id and task.is_handed_over
