"""Reports read from a replica that is fit; whatever decides or has written reads from the primary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import OperationalError, connection, connections, router, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.structure.models import Direction
from salesys.db import replicas
from salesys.db.replicas import Replica, ReplicaMiddleware, look_at, report_view, reports_from_replica

ALIAS = "mirror"
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", ALIAS])


@pytest.fixture
def replica(settings: LazySettings) -> Iterator[str]:
    """A second way to the same database, which is what a replica without lag looks like."""
    settings.REPLICAS, settings.REPLICA_MAX_LAG = [ALIAS], 10
    replicas._known.clear()
    token = replicas._has_written.set(False)
    yield ALIAS
    replicas._has_written.reset(token)
    replicas._known.clear()


def read_from() -> str:
    """Which database the next read goes to."""
    return str(Direction.all_rows.all().db)


def test_without_replicas_all_is_read_from_the_primary() -> None:
    with reports_from_replica():
        assert read_from() == "default"


def test_a_report_reads_from_the_replica_and_nothing_else_does(replica: str) -> None:
    assert read_from() == "default"
    with reports_from_replica():
        assert read_from() == router.db_for_read(Direction) == replica
        assert list(Direction.all_rows.all()) == []
    assert read_from() == "default"


def test_what_has_written_reads_its_own_writing(replica: str) -> None:
    with reports_from_replica():
        made = Direction.all_rows.create(name="Machinery")
        assert (made._state.db, read_from()) == ("default", "default")
    with reports_from_replica():
        assert read_from() == "default"


def test_a_transaction_reads_from_the_primary(replica: str) -> None:
    with transaction.atomic(), reports_from_replica():
        assert read_from() == "default"
    with reports_from_replica(), transaction.atomic():
        assert read_from() == "default"


def test_a_row_of_a_replica_is_saved_to_the_primary(replica: str) -> None:
    pk = Direction.all_rows.create(name="Machinery").pk
    replicas._has_written.set(False)
    with reports_from_replica():
        row: Any = Direction.all_rows.get(pk=pk)
        assert row._state.db == replica
        row.name = "Heavy machinery"
        row.save()
    assert list(Direction.all_rows.using("default").values_list("name", flat=True)) == ["Heavy machinery"]
    assert row._state.db == "default"


@pytest.mark.parametrize("found", [Replica(ALIAS), Replica(ALIAS, 10.1), Replica(ALIAS, float("nan"))])
def test_a_replica_that_is_not_fit_is_passed_over(replica: str, monkeypatch: pytest.MonkeyPatch, found: Replica) -> None:
    monkeypatch.setattr(replicas, "look_at", lambda alias: found)
    with reports_from_replica():
        assert read_from() == "default"


def test_of_two_replicas_the_fit_one_is_read(replica: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REPLICAS = ["other", ALIAS, "third"]
    monkeypatch.setattr(replicas, "look_at", lambda alias: Replica(alias, 0.5 if alias == ALIAS else 60))
    for _attempt in range(10):
        with reports_from_replica():
            assert read_from() == ALIAS


def test_a_replica_is_asked_once_in_a_while(replica: str) -> None:
    with CaptureQueriesContext(connections[ALIAS]) as asked:
        for _attempt in range(3):
            with reports_from_replica():
                assert read_from() == replica
    assert len(asked) == 1
    assert look_at(ALIAS).lag == 0  # not a standby: there is nothing to wait for


def test_a_replica_that_is_down_is_no_error(replica: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connections[ALIAS].close()
    monkeypatch.setitem(connections[ALIAS].settings_dict, "NAME", "there_is_no_such_database")
    assert (look_at(ALIAS).lag, look_at(ALIAS).is_fit) == (None, False)
    with reports_from_replica():
        assert Direction.all_rows.count() == 0


def a_user() -> User:
    """Somebody who was there before the request."""
    found: User = User.objects.create(email=f"{User.objects.count()}@example.com")
    replicas._has_written.set(False)
    return found


def request_of(user: User | AnonymousUser, method: str = "GET") -> HttpRequest:
    """A request as middleware and views get it."""
    request = RequestFactory().generic(method, "/")
    request.user = user
    return request


def recording(said: list[str], failing: str = "") -> Callable[..., HttpResponse]:
    """A report that notes where it reads from, and fails when that is `failing`."""

    def view(request: HttpRequest) -> HttpResponse:
        said.append(read_from())
        if said[-1] == failing:
            raise OperationalError("terminating connection due to administrator command")
        return HttpResponse("report")

    return report_view(view)


def test_a_page_whose_replica_fails_meanwhile_is_read_from_the_primary(replica: str) -> None:
    said: list[str] = []
    response = recording(said, failing=replica)(request_of(a_user()))
    assert (response.content, said) == (b"report", [replica, "default"])


def test_a_page_that_fails_on_the_primary_fails(replica: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicas, "look_at", Replica)
    said: list[str] = []
    with pytest.raises(OperationalError):
        recording(said, failing="default")(request_of(a_user()))
    assert said == ["default"]


@pytest.mark.parametrize(("method", "source"), [("GET", ALIAS), ("HEAD", ALIAS), ("POST", "default"), ("DELETE", "default")])
def test_who_has_written_reads_from_the_primary_for_a_while(replica: str, method: str, source: str) -> None:
    user = a_user()
    ReplicaMiddleware(lambda request: HttpResponse())(request_of(user, method))
    said: list[str] = []
    ReplicaMiddleware(recording(said))(request_of(user))
    ReplicaMiddleware(recording(said))(request_of(a_user()))
    assert said == [source, ALIAS]
    cache.delete(replicas.WROTE % user.pk)


def test_one_request_s_writing_is_not_the_next_one_s(replica: str) -> None:
    said: list[str] = []

    def write(request: HttpRequest) -> HttpResponse:
        Direction.all_rows.create(name="Machinery")
        return recording(said)(request)

    user = a_user()
    ReplicaMiddleware(write)(request_of(user))
    ReplicaMiddleware(recording(said))(request_of(user))
    assert said == ["default", ALIAS]


def test_the_owner_s_page_is_read_from_the_replica(replica: str, owner_client: Client) -> None:
    with CaptureQueriesContext(connections[ALIAS]) as on_replica, CaptureQueriesContext(connection) as on_primary:
        assert owner_client.get("/").status_code == 200
    assert len(on_replica) >= 5
    written = ("INSERT", "UPDATE", "DELETE")
    assert not [query for query in (*on_replica, *on_primary) if query["sql"].startswith(written)]
    assert not [query for query in on_primary if "planning_" in query["sql"] or "pipeline_" in query["sql"]]


@pytest.fixture
def owner_client(client: Client, company: Any) -> Client:
    """The owner, signed in."""
    found: Client = company.owner.client
    return found


@pytest.mark.parametrize(
    ("lag", "problem"), [(0.4, ""), (11.0, "It is more than 10 seconds behind."), (None, "It does not answer.")]
)
def test_health_tells_the_lag_and_stays_well(
    replica: str, client: Client, monkeypatch: pytest.MonkeyPatch, lag: float | None, problem: str
) -> None:
    monkeypatch.setattr("salesys.operations.health.look_at", lambda alias: Replica(alias, lag))
    monkeypatch.setattr("salesys.operations.health.check_queue", lambda: None)
    answer = client.get("/health/ready").json()
    assert answer["replicas"] == [{"name": ALIAS, "lag_seconds": lag, "problem": problem}]
    assert {"name", "problem"} <= set(answer["checks"][0])
    assert not any(check["problem"] for check in answer["checks"] if check["name"] == "database")
