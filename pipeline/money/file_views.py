"""Files of payments: upload, the result of the check, loading, the file of errors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access.gate import roles_allowed
from pipeline.money.forms import UploadForm
from pipeline.money.models import PaymentFile
from pipeline.money.policies import BOOKKEEPERS
from pipeline.money.tasks import send_later
from pipeline.money.uploads import (
    begin_loading,
    error_file,
    is_large,
    issues_of,
    load_payment_file,
    progress_of,
    upload_payment_file,
)
from pipeline.money.views import attempt
from salesys.kernel.errors import InvalidInput
from salesys.shell.forms import issue_text
from salesys.shell.pages import paginate, render_page

ISSUES_SHOWN = 100


@require_http_methods(["GET", "POST"])
@roles_allowed(*BOOKKEEPERS)
def payment_files(request: HttpRequest) -> HttpResponse:
    """Files so far, and a new one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        file = attempt(form, lambda: upload_payment_file(actor=_user(request), name=sent.name, content=sent.read()))
        if file is not None:
            if file.is_working:
                send_later(file.pk)
            return redirect("pipeline:payment_file", pk=file.pk)
    page = paginate(
        PaymentFile.objects.visible_to(request.user).defer("content", "issues").select_related("uploaded_by__employee"), request
    )
    context = {"form": form, "page": page, "breadcrumbs": [(_("Payments"), reverse("pipeline:payment_list")), (_("Files"), "")]}
    return render_page(request, "pipeline/money/file_list.html", context, status=400 if form.errors else 200)


@require_GET
@roles_allowed(*BOOKKEEPERS)
def payment_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: what is new, known and wrong in it; asks again by itself while a worker is at it."""
    file = _file(request, pk)
    issues = issues_of(file)
    context = {
        "file": file,
        "done": progress_of(file),
        "issues": issues[:ISSUES_SHOWN],
        "hidden": max(0, len(issues) - ISSUES_SHOWN),
        "breadcrumbs": [
            (_("Payments"), reverse("pipeline:payment_list")),
            (_("Files"), reverse("pipeline:payment_files")),
            (file.name, ""),
        ],
    }
    return render_page(request, "pipeline/money/file.html", context, partial="pipeline/money/_file.html")


@require_POST
@roles_allowed(*BOOKKEEPERS)
def payment_file_load(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the lines without errors: at once, or by a worker where there are many."""
    file = _file(request, pk)
    try:
        _load(request, file)
    except InvalidInput as error:
        messages.error(request, " ".join(issue_text(issue) for issue in error.issues))
    return redirect("pipeline:payment_file", pk=file.pk)


@transaction.atomic
def _load(request: HttpRequest, file: PaymentFile) -> None:
    begin_loading(actor=_user(request), file=file)
    if is_large(file):
        send_later(file.pk)
        return
    report = load_payment_file(actor=_user(request), file=file)
    messages.success(request, _("%d payments are recorded.") % report.new)


@require_GET
@roles_allowed(*BOOKKEEPERS)
def payment_file_errors(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The lines with errors, to be corrected and uploaded again."""
    file = _file(request, pk)
    if not file.rows_wrong:
        raise Http404
    name = slugify(file.name.rsplit(".", 1)[0]) or "payments"
    headers = {"Content-Disposition": f'attachment; filename="{name}-errors.csv"'}
    return StreamingHttpResponse(error_file(file), content_type="text/csv; charset=utf-8", headers=headers)


def _file(request: HttpRequest, pk: int) -> PaymentFile:
    file: PaymentFile | None = PaymentFile.objects.visible_to(request.user).filter(pk=pk).first()
    if file is None:
        raise Http404
    return file


def _user(request: HttpRequest) -> Any:
    return request.user
