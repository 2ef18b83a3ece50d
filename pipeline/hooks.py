"""What the pipeline answers to accounts, which may not import it, and its houses to those that stand before them."""

from __future__ import annotations

from accounts.people.belongings import Belongings, register_belongings
from pipeline.calling.leaving import give_tasks_of, start_giving_tasks, tasks_of
from pipeline.clients.duplicates import follow_duplicates
from pipeline.clients.relationships import HandOver, follow_hand_overs
from pipeline.deals.following import follow_hand_over
from pipeline.tasks.duplicates import ask_about_duplicate
from pipeline.tasks.handing_over import clients_of, finish_hand_over, start_hand_over


def register() -> None:
    """Let a dismissal, a hand-over and a duplicate start what follows from them; called once, when Django starts."""
    register_belongings("clients", Belongings(start=start_hand_over, left=clients_of))
    register_belongings("tasks", Belongings(start=start_giving_tasks, left=tasks_of))
    follow_hand_overs(go_with_clients)
    follow_duplicates(ask_about_duplicate)


def go_with_clients(handed: HandOver) -> None:
    """What goes along when clients change hands: the head's task is over with the last of them, deals and tasks follow."""
    finish_hand_over(handed.former_id)
    follow_hand_over(handed)
    give_tasks_of(handed.former_id)
