"""Loading a folder: read, repaired, written and reported in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from accounts.access.audit import record
from accounts.people.models import User
from pipeline.leads.models import ImportBatch
from salesys.db import clock
from salesys.db.organisation import organisation
from salesys.intake.differences import differing
from salesys.intake.picture import Picture, draw
from salesys.intake.rows import FILES, SourceFiles, read_files
from salesys.intake.writing import Written, write_findings, write_picture

KIND = "crm_sales_opportunities"
LOCK = "import_sales_data"


@dataclass(frozen=True, slots=True)
class FileCount:
    """What became of a file's rows: `rows_in` = `created` + `known` + `listed`.

    `created` became rows here, `known` were here already, `listed` stand in an issue alone. `repaired` and `open` count
    issues of rows of the file.
    """

    file: str
    rows_in: int
    created: int
    known: int
    listed: int
    repaired: int
    open: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """A load: `is_new` is false when these very files had been loaded before, and nothing was changed."""

    batch: ImportBatch
    is_new: bool
    counts: tuple[FileCount, ...]
    shifted_weeks: int


def import_sales_data(*, actor: User | None, folder: Path, newest_on: date | None = None) -> Outcome:
    """Load the four files of a folder: sectors, offices, teams, accounts, products, opportunities, contracts, payments.

    Nothing is written unless all of it is; loading the same files again changes nothing, whatever `newest_on` says then.
    Rows that are here already (by external number, personnel number or name) stay as they are; a deal that stands otherwise in
    the file is listed.

    Args:
        actor: Who loads; None for the command line.
        folder: Where `products.csv`, `sales_teams.csv`, `accounts.csv` and `sales_pipeline.csv` lie.
        newest_on: All dates are shifted by whole weeks so that the newest falls in the week of this date.

    Raises:
        InvalidInput: A file is missing or malformed; each fault names file, line, column, value and remedy.

    Locks an advisory lock of its own until the end of the transaction: two loads follow each other.
    """
    files = read_files(folder)
    digest = _digest(files)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [LOCK])
        known: ImportBatch | None = ImportBatch.all_rows.filter(digest=digest).first()
        if known is not None:
            return _as_it_was(known)
        picture = draw(files, newest_on=newest_on, today=clock.today())
        picture = replace(picture, findings=(*picture.findings, *differing(picture.opportunities)))
        written = write_picture(picture, currency=organisation().currency)
        counts = _counts(files, picture, written)
        batch = ImportBatch.all_rows.create(
            kind=KIND,
            source=str(folder.resolve())[-300:],
            digest=digest,
            loaded_by=actor,
            counts={"files": [asdict(count) for count in counts], "shifted_weeks": picture.shifted_weeks},
        )
        write_findings(batch, picture.findings, written)
        record(
            actor=actor,
            action="import.loaded",
            obj=batch,
            after={"digest": digest, "rows": sum(count.rows_in for count in counts)},
        )
        return Outcome(batch, is_new=True, counts=counts, shifted_weeks=picture.shifted_weeks)


def _digest(files: SourceFiles) -> str:
    """Of what the files say, each with its name."""
    digest = hashlib.sha256(KIND.encode())
    for table in files.tables:
        digest.update(f"\n{table.name} {len(table.digest_source)}\n".encode())
        digest.update(table.digest_source)
    return digest.hexdigest()


def _as_it_was(batch: ImportBatch) -> Outcome:
    counts = tuple(FileCount(**count) for count in batch.counts["files"])
    return Outcome(batch, is_new=False, counts=counts, shifted_weeks=batch.counts["shifted_weeks"])


def _counts(files: SourceFiles, picture: Picture, written: Written) -> tuple[FileCount, ...]:
    lines = {table.name: len(table.lines) for table in files.tables}
    found = {(name, is_repaired): 0 for name in FILES for is_repaired in (True, False)}
    for finding in picture.findings:
        found[finding.line.file, finding.is_repaired] += 1
    return tuple(
        FileCount(
            file=name,
            rows_in=lines[name],
            created=written.created[name],
            known=lines[name] - picture.listed_only[name] - written.created[name],
            listed=picture.listed_only[name],
            repaired=found[name, True],
            open=found[name, False],
        )
        for name in FILES
    )
