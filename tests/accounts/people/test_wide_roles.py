"""Nobody but the top makes anybody see clients: not by a role, not by an account, not by emptying the top first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.access.table import WIDE_ROLES
from accounts.models import Assignment, AuditEvent, Employee, User
from accounts.people.policies import roles_to_give
from accounts.people.services import dismiss_employee, hire_employee, invitation_path, open_account
from accounts.roles import TOP_ROLES, Role
from accounts.structure.assigning import assign_employee, correct_assignment, withdraw_assignment
from accounts.structure.placement import Placement
from salesys.db import clock
from salesys.kernel.errors import NotAllowed
from tests.personas import PASSWORD, Persona, PersonaCompany

KEEPERS = ("administrator", "hr")


@pytest.fixture
def used(company: PersonaCompany) -> PersonaCompany:
    """The company, in which the owner has signed in."""
    User.objects.filter(pk=company.owner.user.pk).update(last_login=clock.now())
    return company


def form(company: PersonaCompany, role: str, **more: object) -> dict[str, Any]:
    """A place in the office, from today on."""
    return {
        "from_on": clock.today().isoformat(),
        "department": company.office.pk,
        "role": role,
        "direction": "",
        "manager": "",
        **more,
    }


def stands() -> list[tuple[int, date, date | None, str]]:
    """Where everybody stands."""
    rows = Assignment.all_rows.order_by("employee", "valid")
    return [(row.employee_id, row.valid_from, row.valid_to, row.role) for row in rows]


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


def plan(persona: Persona, role: Role, company: PersonaCompany) -> Assignment:
    """What the person is to be from tomorrow on."""
    return assign_employee(actor=None, employee=persona.employee, placement=Placement(company.office, role), from_on=tomorrow())


def test_wide_roles_are_those_that_see_more_than_was_handed_to_them() -> None:
    assert TOP_ROLES | {Role.INDUSTRY_HEAD, Role.VIP_MANAGER, Role.BASE_MANAGER, Role.ACCOUNTANT} == WIDE_ROLES


@pytest.mark.parametrize("who", KEEPERS)
@pytest.mark.parametrize("top", ["owner", "director"])
def test_keepers_neither_move_nor_dismiss_the_top(used: PersonaCompany, who: str, top: str) -> None:
    keeper, person = getattr(used, who), getattr(used, top).employee
    before = stands()
    page = keeper.client.get(f"/people/{person.pk}/")
    assert {"placement", "dismiss"}.isdisjoint(page.context["forms"])
    assert keeper.client.post(f"/people/{person.pk}/place/", form(used, "marketer")).status_code == 404
    left = {"from_on": clock.today().isoformat(), "successor": used.head.employee.pk}
    assert keeper.client.post(f"/people/{person.pk}/dismiss/", left).status_code == 404
    with pytest.raises(NotAllowed):
        assign_employee(
            actor=keeper.user, employee=person, placement=Placement(used.office, Role.MARKETER), from_on=clock.today()
        )
    with pytest.raises(NotAllowed):
        dismiss_employee(actor=keeper.user, employee=person, from_on=clock.today(), successor=used.head.employee)
    assert stands() == before
    assert not Employee.all_rows.filter(dismissed_on__isnull=False).exists()
    assert not AuditEvent.all_rows.filter(action__in=["assignment.changed", "employee.dismissed"]).exists()


@pytest.mark.parametrize("who", KEEPERS)
def test_keepers_give_no_wide_role_even_where_nobody_is_at_the_top_today(used: PersonaCompany, who: str) -> None:
    Assignment.all_rows.filter(role__in=TOP_ROLES).update(valid=(used.start, clock.today()))
    keeper, before, people = getattr(used, who), stands(), Employee.all_rows.count()
    for role in WIDE_ROLES:
        hired = {"full_name": "Petra Palm", "code": "", "hired_on": clock.today().isoformat(), "email": "petra@example.org"}
        assert keeper.client.post("/people/hire/", {**hired, **form(used, role)}).status_code == 403, role
        url = f"/people/{used.unassigned.employee.pk}/place/"
        assert keeper.client.post(url, form(used, role)).status_code == 403, role
    assert (stands(), Employee.all_rows.count()) == (before, people)
    assert not User.objects.filter(email="petra@example.org").exists()


def test_the_forms_of_keepers_do_not_offer_wide_roles_and_say_why(used: PersonaCompany) -> None:
    for who in KEEPERS:
        page = getattr(used, who).client.get("/people/hire/").content.decode()
        assert 'value="seller"' in page
        assert not any(f'value="{role}"' in page for role in WIDE_ROLES)
        assert "given by the owner or the commercial director" in page
    page = used.director.client.get("/people/hire/").content.decode()
    assert all(f'value="{role}"' in page for role in Role)
    assert "given by the owner or the commercial director" not in page


def test_a_person_of_a_wide_role_does_not_become_the_first_of_the_list_by_a_click(used: PersonaCompany) -> None:
    found = used.hr.client.get(f"/people/{used.head.employee.pk}/").context["forms"]["placement"]
    assert found["role"].subwidgets[0].data["value"] == ""


def test_the_top_hires_into_every_role(used: PersonaCompany) -> None:
    hired = {"full_name": "Petra Palm", "code": "", "hired_on": clock.today().isoformat(), "email": "petra@example.org"}
    assert used.director.client.post("/people/hire/", {**hired, **form(used, "accountant")}).status_code == 302
    made = Employee.all_rows.get(full_name="Petra Palm")
    assert made.assignments.get().role == "accountant"
    assert made.user is not None
    with pytest.raises(NotAllowed):
        hire_employee(actor=used.seller.user, full_name="Puppet", hired_on=clock.today())
    assert not Employee.all_rows.filter(full_name="Puppet").exists()


def test_until_an_owner_has_signed_in_the_administrator_gives_every_role_once_the_top(company: PersonaCompany) -> None:
    assert roles_to_give(company.administrator.user) == list(Role)
    assert set(roles_to_give(company.hr.user)) == set(Role) - WIDE_ROLES
    assign_employee(
        actor=company.administrator.user,
        employee=company.unassigned.employee,
        placement=Placement(company.office, Role.ACCOUNTANT),
        from_on=clock.today(),
    )
    with pytest.raises(NotAllowed):
        assign_employee(
            actor=company.administrator.user,
            employee=company.marketer.employee,
            placement=Placement(company.root, Role.OWNER),
            from_on=clock.today(),
        )
    assert company.marketer.employee.assignments.get().role == "marketer"


@pytest.mark.parametrize("who", KEEPERS)
@pytest.mark.parametrize("leaving", ["director", "head"])
def test_keepers_do_not_keep_anybody_in_a_wide_role_by_taking_back_the_move_out_of_it(
    used: PersonaCompany, who: str, leaving: str
) -> None:
    planned = plan(getattr(used, leaving), Role.MARKETER, used)
    before, keeper = stands(), getattr(used, who)
    url = f"/people/{planned.employee_id}/assignments/{planned.pk}/"
    assert url not in keeper.client.get(f"/people/{planned.employee_id}/").content.decode()
    later = form(used, "marketer", from_on=(tomorrow() + timedelta(days=300)).isoformat())
    assert keeper.client.post(url, later).status_code == 403
    assert keeper.client.post(f"{url}withdraw/").status_code == 403
    with pytest.raises(NotAllowed):
        withdraw_assignment(actor=keeper.user, assignment=planned)
    with pytest.raises(NotAllowed):
        correct_assignment(
            actor=keeper.user,
            assignment=planned,
            placement=Placement(used.office, Role.MARKETER),
            from_on=tomorrow() + timedelta(days=300),
        )
    assert stands() == before
    assert url in used.owner.client.get(f"/people/{planned.employee_id}/").content.decode()
    assert used.owner.client.post(f"{url}withdraw/").status_code == 302
    assert stands() != before


def test_keepers_do_not_touch_who_is_to_join_the_top(used: PersonaCompany) -> None:
    planned = plan(used.seller, Role.COMMERCIAL_DIRECTOR, used)
    before = stands()
    for who in KEEPERS:
        keeper = getattr(used, who)
        with pytest.raises(NotAllowed):
            dismiss_employee(actor=keeper.user, employee=used.seller.employee, from_on=clock.today())
        with pytest.raises(NotAllowed):
            withdraw_assignment(actor=keeper.user, assignment=planned)
    assert stands() == before


@pytest.mark.parametrize("name", ["director", "head", "accountant"])
def test_the_administrator_takes_over_no_account_of_a_wide_role_used_or_not(used: PersonaCompany, name: str) -> None:
    person, admin = getattr(used, name), used.administrator
    page = admin.client.get(f"/people/{person.employee.pk}/")
    assert "account" not in page.context["forms"]
    assert f"/people/{person.employee.pk}/invite/" not in page.content.decode()
    assert admin.client.post(f"/people/{person.employee.pk}/invite/").status_code == 404
    taken = {"email": "mine@example.org"}
    assert admin.client.post(f"/people/{person.employee.pk}/account/", taken).status_code == 404
    with pytest.raises(NotAllowed):
        invitation_path(actor=admin.user, user=person.user)
    with pytest.raises(NotAllowed):
        open_account(actor=admin.user, employee=person.employee, email="mine@example.org")
    assert User.objects.get(pk=person.user.pk).email == f"{name}@example.org"
    assert not AuditEvent.all_rows.filter(action__in=["account.invited", "account.changed"]).exists()
    shown = used.owner.client.post(f"/people/{person.employee.pk}/invite/")
    assert "/account/password/reset/key/" in shown.context["invitation"]


def test_the_administrator_changes_no_address_of_who_is_to_join_the_top(used: PersonaCompany) -> None:
    plan(used.seller, Role.COMMERCIAL_DIRECTOR, used)
    url = f"/people/{used.seller.employee.pk}"
    assert used.administrator.client.post(f"{url}/account/", {"email": "mine@example.org"}).status_code == 404
    assert used.administrator.client.post(f"{url}/invite/").status_code == 404
    assert User.objects.get(pk=used.seller.user.pk).email == "seller@example.org"


def test_the_administrator_still_keeps_the_accounts_of_the_others(used: PersonaCompany) -> None:
    url = f"/people/{used.seller.employee.pk}"
    assert "invitation" in used.administrator.client.post(f"{url}/invite/").context
    assert used.administrator.client.post(f"{url}/account/", {"email": "new@example.org"}).status_code == 302
    assert User.objects.get(pk=used.seller.user.pk).email == "new@example.org"


def newcomer(company: PersonaCompany, by: str) -> tuple[Employee, str]:
    """A seller since yesterday who has not signed in, and the path at which the first password is set."""
    keeper, yesterday = company.administrator.user, clock.today() - timedelta(days=1)
    person = hire_employee(actor=keeper, full_name="Nora Nell", hired_on=yesterday, email="nora@example.org")
    assign_employee(actor=keeper, employee=person, placement=Placement(company.sales, Role.SELLER), from_on=yesterday)
    assert person.user is not None
    return person, invitation_path(actor=getattr(company, by).user, user=person.user)


def opens(path: str) -> bool:
    """Whether the path still leads to the form of a new password."""
    return Client().get(path).status_code == 302


def promote(company: PersonaCompany, person: Employee, role: Role, from_on: date) -> None:
    place = Placement(company.second_sales, role)
    assign_employee(actor=company.owner.user, employee=person, placement=place, from_on=from_on)


@pytest.mark.parametrize("days", [0, 30])
def test_an_invitation_that_the_administrator_has_kept_opens_no_account_that_becomes_a_head(
    used: PersonaCompany, days: int
) -> None:
    person, path = newcomer(used, "administrator")
    assert opens(path)
    promote(used, person, Role.INDUSTRY_HEAD, clock.today() + timedelta(days=days))
    assert not opens(path)
    event = AuditEvent.all_rows.get(action="account.invitation_ended")
    assert (event.actor, event.object_id) == (used.owner.user, person.user_id)


def test_a_password_that_was_set_by_it_and_never_used_is_gone_too(used: PersonaCompany) -> None:
    person, _path = newcomer(used, "administrator")
    assert person.user is not None
    person.user.set_password(PASSWORD)
    person.user.save()
    promote(used, person, Role.ACCOUNTANT, clock.today())
    assert not User.objects.get(employee=person).check_password(PASSWORD)


@pytest.mark.parametrize(("by", "role"), [("owner", Role.INDUSTRY_HEAD), ("director", Role.BASE_MANAGER)])
def test_what_the_top_has_shown_stays(used: PersonaCompany, by: str, role: Role) -> None:
    person, path = newcomer(used, by)
    promote(used, person, role, clock.today())
    assert opens(path)


def test_an_invitation_into_a_role_of_handed_over_clients_stays(used: PersonaCompany) -> None:
    person, path = newcomer(used, "administrator")
    promote(used, person, Role.TELESALES, clock.today())
    assert opens(path)


def test_an_account_that_its_person_has_used_keeps_its_password(used: PersonaCompany) -> None:
    person, _path = newcomer(used, "administrator")
    assert person.user is not None
    person.user.set_password(PASSWORD)
    person.user.last_login = clock.now()
    person.user.save()
    promote(used, person, Role.INDUSTRY_HEAD, clock.today())
    assert User.objects.get(employee=person).check_password(PASSWORD)
