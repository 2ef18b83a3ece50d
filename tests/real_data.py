"""The published sales data, for tests that compute over real rows.

The files lie beside the repository (`../shared/data`) or where `SALESYS_DATA` says. They are loaded once per test module,
in a transaction that is rolled back after it, so that no other test sees them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

FOLDER = "crm-sales-opportunities"
REPOSITORY = Path(__file__).resolve().parent.parent


def find_data(name: str = FOLDER) -> Path:
    """The folder of a data set; fails the test where it is missing, because skipping would hide that nothing was tested."""
    named = os.environ.get("SALESYS_DATA")
    folder = (Path(named) if named else REPOSITORY.parent / "shared" / "data") / name
    if not folder.is_dir():
        pytest.fail(f"The data set is missing: {folder}. Put it there or name the folder above it in SALESYS_DATA.")
    return folder


@pytest.fixture(scope="session")
def sales_files() -> Path:
    """The folder with the four CSV files."""
    return find_data()


@pytest.fixture(scope="module")
def real_sales_data(django_db_setup: None, django_db_blocker: Any, sales_files: Path) -> Iterator[Any]:
    """The outcome of loading the files; rows stay for the module's tests (which ask for `db` too) and vanish after it."""
    from salesys.intake.services import import_sales_data

    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        try:
            imported = import_sales_data(actor=None, folder=sales_files)
            # Each test ends with this check; what has passed it once is not looked at again
            connection.check_constraints()
            yield imported
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)
