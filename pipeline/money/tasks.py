"""Work on large files, off the web: each task may come twice and does its work once."""

from __future__ import annotations

from celery import shared_task

from pipeline.money.models import PaymentFile
from pipeline.money.uploads import check_payment_file, in_language_of, load_payment_file, waiting_files
from salesys.db import clock
from salesys.db.runs import claimed_run


@shared_task(name="pipeline.money.tasks.work_on_payment_file")
def work_on_payment_file(file_id: int) -> None:
    """Check or load the file, whichever it waits for; a second delivery finds nothing to do."""
    file = PaymentFile.all_rows.select_related("uploaded_by").get(pk=file_id)
    if not file.is_working:
        return
    job = "check_payment_file" if file.status == PaymentFile.Status.CHECKING else "load_payment_file"
    with claimed_run(job=job, business_date=clock.today(), key=str(file_id), started_by=file.uploaded_by, again=True) as run:
        if run is None:
            return
        with in_language_of(file.uploaded_by):
            if file.status == PaymentFile.Status.CHECKING:
                report = check_payment_file(file=file)
            else:
                report = load_payment_file(actor=file.uploaded_by, file=file)
        run.rows_done = run.rows_total = report.rows


@shared_task(name="pipeline.money.tasks.resume_payment_files")
def resume_payment_files() -> None:
    """Send again what a flushed broker or a killed worker has left."""
    for file in waiting_files():
        work_on_payment_file.delay(file.pk)
