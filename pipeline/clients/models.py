"""Companies, the people in them, and who of ours holds the relationship."""

from __future__ import annotations

import re
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Employee
from accounts.structure.models import Direction
from salesys.db import clock
from salesys.db.base import ScopedModel
from salesys.db.effective import EffectiveDated, no_overlap
from salesys.db.fields import MoneyField
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager, viewer_for
from salesys.db.search import name_key_field, trigrams_field

WEB_ADDRESS = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?", re.IGNORECASE)
"""With or without its scheme; `javascript:` and the like are none."""


class IndustryQuerySet(ScopedQuerySet["Industry"]):
    scope = "structure"


class Industry(ScopedModel):
    """What a company does: the market that it belongs to."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    objects: Any = closed_manager(IndustryQuerySet)
    all_rows = IndustryQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CompanyQuerySet(ScopedQuerySet["Company"]):
    """Companies; each reach is the row of the access table that a role has for `clients`."""

    scope = "clients"

    def held_by(self, employee_ids: frozenset[int]) -> Q:
        """Companies whose relationship (not the mere warming of it) one of the employees holds today."""
        held = Relationship.all_rows.filter(
            employee_id__in=employee_ids, kind__in=Relationship.HOLDING, valid__contains=clock.today()
        )
        return Q(pk__in=held.values("company_id"))

    def reach_direction(self, viewer: Viewer) -> Q:
        """Companies of the head's direction, and those that the head's people hold."""
        return Q(direction_id__in=viewer.direction_ids) | self.held_by(viewer.team_ids)

    def reach_own(self, viewer: Viewer) -> Q:
        """Companies whose relationship the viewer holds today, and those with which the viewer has an open deal."""
        held = Relationship.all_rows.filter(
            employee_id=viewer.own_id, kind__in=Relationship.HOLDING, valid__contains=clock.today()
        )
        dealt = Company.all_rows.filter(deals__seller=viewer.own_id, deals__status="open")
        # A union inside one IN joins over two indexes; two INs with OR would walk over every company
        return Q(pk__in=held.values("company_id").union(dealt.values("pk")))

    def reach_entry(self, viewer: Viewer) -> Q:
        """The company of the list entry that the viewer is calling now."""
        claimed = Company.all_rows.filter(list_entries__claimed_by=viewer.own_id, list_entries__state="claimed")
        return Q(pk__in=claimed.values("pk"))

    def reach_cards(self, viewer: Viewer) -> Q:
        """Companies for which somebody else has asked the viewer for a card or a letter that is not done yet."""
        # Less or greater, because "not equal" would ask about any task of the company, not about this one
        own = viewer.own_id
        handed = Company.all_rows.filter(
            Q(tasks__author__isnull=True) | Q(tasks__author__lt=own) | Q(tasks__author__gt=own),
            tasks__assignee=own,
            tasks__status__in=["open", "in_progress"],
            tasks__kind__in=["research", "letter"],
        )
        return Q(pk__in=handed.values("pk"))

    def reach_corporate(self, viewer: Viewer) -> Q:
        """The corporate list."""
        return Q(is_corporate=True) | self.reach_own(viewer)

    def reach_leads(self, viewer: Viewer) -> Q:
        """Companies that nobody holds: the bases that are being loaded and cleaned."""
        held = Relationship.all_rows.filter(kind__in=Relationship.HOLDING, valid__contains=clock.today())
        return ~Q(pk__in=held.values("company_id"))

    def reach_paying(self, viewer: Viewer) -> Q:
        """Companies with a contract."""
        return Q(pk__in=Company.all_rows.filter(contracts__isnull=False).values("pk"))


class Company(ScopedModel):
    """A client or a lead."""

    name = models.CharField(_("company"), max_length=300)
    name_key = name_key_field()
    name_trigrams = trigrams_field()
    industry = models.ForeignKey(Industry, null=True, blank=True, on_delete=models.PROTECT, related_name="companies")
    direction = models.ForeignKey(Direction, null=True, blank=True, on_delete=models.PROTECT, related_name="companies")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="subsidiaries")
    tax_id = models.CharField(_("tax number"), max_length=20, null=True, blank=True, unique=True)
    city = models.CharField(_("city"), max_length=120, blank=True, default="")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="")
    website = models.CharField(_("website"), max_length=200, blank=True, default="")
    founded_year = models.PositiveSmallIntegerField(_("founded"), null=True, blank=True)
    employee_count = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    annual_revenue = MoneyField(_("annual revenue"), null=True, blank=True)
    is_corporate = models.BooleanField(_("corporate (VIP)"), default=False)
    source = models.CharField(_("source"), max_length=60, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: Any = closed_manager(CompanyQuerySet)
    all_rows = CompanyQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["name_key", "pk"]
        indexes = [
            models.Index(fields=["name_key", "id"], name="company_by_name"),
            models.Index(fields=["direction", "name_key", "id"], name="company_by_direction"),
            models.Index(Upper("city"), "name_key", "id", name="company_by_city"),
            GinIndex(fields=["name_trigrams"], name="company_trigrams"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="company_has_a_name"),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("pk")), name="company_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def website_url(self) -> str:
        """Where the website is; empty for what is no address of the web."""
        text = self.website.strip()
        if not WEB_ADDRESS.fullmatch(text):
            return ""
        return text if "://" in text else f"https://{text}"


class OfCompanyQuerySet(ScopedQuerySet[models.Model]):
    """Rows that are as visible as their company."""

    scope = "clients"

    def visible_to(self, user: object) -> Self:
        """Rows of the companies that `user` may see."""
        viewer = viewer_for(user)
        if viewer.reach(self.scope) == "all":
            return self
        return self.filter(company__in=Company.objects.visible_to(viewer))


class Contact(ScopedModel):
    """A person at a company. Phone and e-mail are shown masked to those who have not opened them."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contacts")
    full_name = models.CharField(_("name"), max_length=200)
    position = models.CharField(_("position"), max_length=160, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=32, blank=True, default="")
    email = models.EmailField(_("e-mail"), max_length=254, blank=True, default="")
    is_decision_maker = models.BooleanField(_("decides"), default=False)
    note = models.TextField(_("note"), blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: Any = closed_manager(OfCompanyQuerySet)
    all_rows = OfCompanyQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["full_name", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(full_name=""), name="contact_has_a_name")]

    def __str__(self) -> str:
        return self.full_name


class Relationship(EffectiveDated, ScopedModel):
    """Who holds which relationship with a company on which dates; the ground of access and of commissions.

    At most one holder of each kind on a date. The hunter stays after the client department has taken over, until the
    relationship is closed or reassigned.
    """

    class Kind(models.TextChoices):
        HUNTER = "hunter", _("hunter")
        ACCOUNT_MANAGER = "account_manager", _("account manager")
        TELESALES = "telesales", _("telesales")
        VIP = "vip", _("VIP manager")

    HOLDING = (Kind.HUNTER, Kind.ACCOUNT_MANAGER, Kind.VIP)
    """Kinds that open the company to their holder; warming a contact does not."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="relationships")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="relationships")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")

    objects: Any = closed_manager(OfCompanyQuerySet)
    all_rows = OfCompanyQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["hunter", "account_manager", "telesales", "vip"]), name="relationship_kind_is_known"
            ),
            no_overlap("company", name="relationship_one_hunter", condition=Q(kind="hunter")),
            no_overlap("company", name="relationship_one_account_manager", condition=Q(kind="account_manager")),
            no_overlap("company", name="relationship_one_telesales", condition=Q(kind="telesales")),
            no_overlap("company", name="relationship_one_vip", condition=Q(kind="vip")),
        ]
        indexes = [models.Index(fields=["employee", "kind", "company"], name="relationship_by_employee")]

    def __str__(self) -> str:
        return f"{self.employee} {self.kind} {self.company} {self.valid}"
