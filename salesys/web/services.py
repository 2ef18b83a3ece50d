"""What a person may change about their own pages."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.people.models import User
from salesys.kernel.errors import invalid
from salesys.shell.preferences import THEMES

ALLOWED: dict[str, tuple[str, ...]] = {
    "theme": THEMES,
    "language": tuple(code for code, _name in settings.LANGUAGES),
    "single_keys": ("on", "off"),
}


@transaction.atomic
def change_preference(*, actor: User, name: str, value: str) -> None:
    """Store one preference of the actor's own pages; locks nothing, the last choice wins.

    Raises:
        InvalidInput: There is no such preference or it has no such value.
    """
    if value not in ALLOWED.get(name, ()):
        raise invalid(
            "unknown_preference", _("There is no such setting."), field=name, value=value, remedy=_("Choose from the menu.")
        )
    field = "has_single_keys" if name == "single_keys" else name
    setattr(actor, field, value == "on" if name == "single_keys" else value)
    actor.save(update_fields=[field])
