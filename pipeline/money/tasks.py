"""Work on large files, off the web: each task may come twice and does its work once."""

from __future__ import annotations

from celery import shared_task
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from pipeline.money.models import PaymentFile
from pipeline.money.uploads import check_payment_file, in_language_of, load_payment_file, refuse_payment_file, waiting_files
from salesys.db import clock
from salesys.db.runs import claimed_run
from salesys.kernel.errors import SalesysError


@shared_task(name="pipeline.money.tasks.work_on_payment_file")
def work_on_payment_file(file_id: int) -> None:
    """Check or load the file, whichever it waits for; a second delivery finds nothing to do."""
    file = PaymentFile.all_rows.select_related("uploaded_by").get(pk=file_id)
    if not file.is_working:
        return
    with in_language_of(file.uploaded_by):
        try:
            _work(file)
        except (OperationalError, InterfaceError):
            # The database was away or busy: the next round finds the file as it was
            raise
        except SalesysError as error:
            refuse_payment_file(file=file, problem=" ".join(str(issue) for issue in error.issues))
        except Exception:
            # Again and again it would end the same way
            refuse_payment_file(file=file, problem=_("This file could not be read to its end: something in it was not foreseen."))
            raise


def send_later(file_id: int) -> None:
    """Hand a file to a worker when the transaction is committed; where the broker is away, `resume_payment_files` does it."""
    # Django's log names the function, and a partial has no name
    transaction.on_commit(lambda: work_on_payment_file.delay(file_id), robust=True)


def _work(file: PaymentFile) -> None:
    is_check = file.status == PaymentFile.Status.CHECKING
    job = "check_payment_file" if is_check else "load_payment_file"
    with claimed_run(job=job, business_date=clock.today(), key=str(file.pk), started_by=file.uploaded_by, again=True) as run:
        if run is None:
            return
        report = check_payment_file(file=file) if is_check else load_payment_file(actor=file.uploaded_by, file=file)
        run.rows_done = run.rows_total = report.rows


@shared_task(name="pipeline.money.tasks.resume_payment_files")
def resume_payment_files() -> None:
    """Send again what a flushed broker or a killed worker has left."""
    for file in waiting_files():
        work_on_payment_file.delay(file.pk)
