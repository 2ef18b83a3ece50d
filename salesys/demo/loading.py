"""Loading the demo: step by step, each finished or not begun, so that it can be broken off and begun again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access.audit import record
from pipeline.leads.models import ImportBatch
from pipeline.models import Call, CallListEntry, Company, Contract, Deal, Payment, Relationship, StageChange, Task
from salesys.db import clock
from salesys.db.copying import count_anew
from salesys.db.locks import lock_until_commit
from salesys.db.organisation import Organisation, forget_organisation
from salesys.demo.around import load_around
from salesys.demo.desk import give_desk_work
from salesys.demo.generate import digest, generate
from salesys.demo.keeping import talk_to_corporate_clients
from salesys.demo.paying import close_months, set_schemes
from salesys.demo.planning_year import plan_years, set_norms, start_work
from salesys.demo.promises import promise_calls
from salesys.demo.setting import Setting
from salesys.demo.words import Words
from salesys.demo.writing import Writer
from salesys.intake.services import KIND as FILES
from salesys.kernel.errors import Conflict, Issue

KIND = "demo"
LOCK = "load_demo"
Say = Callable[[str], None]


def setting_of_today(seed: int, size: float, language: str) -> Setting:
    """The setting of the present day, as it is in the time zone of the language's department."""
    setting = Setting(clock.today(), seed, size, language)
    return replace(setting, today=clock.now().astimezone(setting.zone).date())


def load_demo(*, setting: Setting, folder: Path | None, say: Say) -> bool:
    """Fill an empty installation with a department to look at; what is loaded already stays.

    Args:
        setting: Day, seed, size and language of made-up data.
        folder: CSV files to load instead; what they lack (an owner, an accountant, telesales, plans, pay) is made up and
            marked as demo data.
        say: Gets each line of progress.

    Returns:
        Whether data were loaded now.

    Raises:
        Conflict: The installation has data of its own, or a demo of other data than the files that are asked for.
        InvalidInput: The files are malformed; nothing of them was written.
    """
    setting = replace(setting, of_files=folder is not None or ImportBatch.all_rows.filter(kind=FILES).exists())
    with translation.override(setting.language):
        is_new = _load_data(setting, folder, say)
        with _told(say, _("Norms and year plans")):
            set_norms(setting)
            plan_years(setting)
        with _told(say, _("Pay schemes")):
            set_schemes(setting)
        with _told(say, _("Commissions of past months")):
            close_months()
        with _told(say, _("Daily work from the plan")):
            start_work()
        if is_new:
            promise_calls()
            give_desk_work(setting)
            if not setting.of_files:
                talk_to_corporate_clients(setting)
    return is_new


def _load_data(setting: Setting, folder: Path | None, say: Say) -> bool:
    known = ImportBatch.all_rows.filter(kind=KIND).values_list("source", flat=True).first()
    if known is not None:
        _refuse_other_files(known, folder)
        say(_("The demo is loaded already (%s); its data stay.") % known)
        return False
    made = None
    if folder is None:
        with _told(say, _("Making up a department")):
            made = generate(setting)
    with transaction.atomic():
        lock_until_commit(LOCK)
        _found_organisation(setting.words)
        if made is None:
            assert folder is not None
            source, mark = _name_of(folder), load_around(setting, folder, say)
        else:
            source, mark = f"size {setting.size:g}, seed {setting.seed}, {setting.language}, {setting.today}", digest(made)
            for name, write in Writer(setting, made).steps():
                with _told(say, f"  {name}") as tell:
                    tell(write())
        batch = ImportBatch.all_rows.create(kind=KIND, source=source, digest=mark, counts={})
        record(actor=None, action="demo.loaded", obj=batch, after={"source": source})
    count_anew(Call, CallListEntry, Company, Contract, Deal, Payment, Relationship, StageChange, Task)
    return True


def _refuse_other_files(known: str, folder: Path | None) -> None:
    """Whoever asks for files must not be shown something else as if it were them."""
    if folder is not None and _name_of(folder) != known:
        raise Conflict(
            Issue(
                "other_data",
                _("The demo is loaded already, with other data: %s.") % known,
                "data",
                str(folder),
                _("Start it without DATA to go on with those, or remove them with “make clean” and start again."),
            )
        )


def _name_of(folder: Path) -> str:
    return str(folder.resolve())[-300:]


def _found_organisation(words: Words) -> None:
    """Set up the company, or refuse when there is one already: made-up data never mix with a company's own."""
    if Organisation.objects.filter(pk=1).exists():
        raise Conflict(
            Issue(
                "not_empty",
                _("This installation has data of its own."),
                "organisation",
                str(Organisation.objects.get(pk=1)),
                _("Load the demo into an empty database."),
            )
        )
    Organisation.objects.create(
        pk=1,
        name=words.organisation,
        currency=words.currency,
        time_zone=words.time_zone,
        country=words.country,
        vat_rate=words.vat_rate,
        set_up_at=clock.now(),
    )
    forget_organisation()


@contextmanager
def _told(say: Say, what: str) -> Iterator[Callable[[int], None]]:
    """Say what was done, how many rows it was, and how long it took."""
    began = time.monotonic()
    rows: list[int] = []
    yield rows.append
    count = f" {rows[0]:,}" if rows else ""
    say(f"{what}:{count} {time.monotonic() - began:.1f} s")
