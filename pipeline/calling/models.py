"""Call lists, their entries, and the calls themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Employee
from accounts.structure.models import Direction
from pipeline.clients.models import Company, Contact
from pipeline.deals.models import Deal
from salesys.db.arrays import one_of
from salesys.db.base import ScopedModel
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager


class CallListQuerySet(ScopedQuerySet["CallList"]):
    scope = "call_lists"

    def reach_direction(self, viewer: Viewer) -> Q:
        """Lists of the head's direction, and those that the head's people call."""
        mine = CallListMember.all_rows.filter(employee_id__in=viewer.team_ids)
        return Q(direction_id__in=viewer.direction_ids) | Q(pk__in=mine.values("call_list_id"))

    def reach_own(self, viewer: Viewer) -> Q:
        """Lists that the viewer calls."""
        return Q(pk__in=CallListMember.all_rows.filter(employee_id=viewer.own_id).values("call_list_id"))


class CallList(ScopedModel):
    """Companies to call, in an order, by some people, with a script; warm contacts go to `seller`, else by direction."""

    name = models.CharField(_("list"), max_length=200)
    direction = models.ForeignKey(Direction, null=True, blank=True, on_delete=models.PROTECT, related_name="call_lists")
    seller = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="call_lists")
    script = models.TextField(_("script"), blank=True, default="")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: Any = closed_manager(CallListQuerySet)
    all_rows = CallListQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-is_active", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class CallListMember(models.Model):
    """Who calls a list."""

    call_list = models.ForeignKey(CallList, on_delete=models.CASCADE, related_name="members")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="call_list_memberships")

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        constraints = [models.UniqueConstraint(fields=["employee", "call_list"], name="call_list_member_once")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.call_list_id}"


class CallListEntryQuerySet(ScopedQuerySet["CallListEntry"]):
    scope = "call_lists"

    def reach_direction(self, viewer: Viewer) -> Q:
        """Entries of the lists that the head sees."""
        return Q(call_list__in=CallList.objects.visible_to(viewer))

    def reach_own(self, viewer: Viewer) -> Q:
        """The entry that the viewer is calling now: a list cannot be read ahead."""
        return Q(claimed_by_id=viewer.own_id, state="claimed")


class CallListEntry(ScopedModel):
    """A company on a list. `waiting` and due -> `claimed` by one person -> `done`, or `waiting` again from `not_before`.

    `time_zone` is the company's, kept here by a trigger (`0006_call_zones`), so that the queue can leave out sleeping
    clients by index; empty is the zone of our own company. `claimed_by` stays when a claim is given up: who had it last
    may still log the call that was made, unless somebody else has taken the entry meanwhile.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CLAIMED = "claimed", _("being called")
        DONE = "done", _("done")

    call_list = models.ForeignKey(CallList, on_delete=models.CASCADE, related_name="entries")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="list_entries")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="list_entries")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="")
    priority = models.IntegerField(default=0, help_text=_("smaller is called earlier"))
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    reserved_for = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="reserved_entries")
    claimed_by = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="claimed_entries")
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)

    objects: Any = closed_manager(CallListEntryQuerySet)
    all_rows = CallListEntryQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        indexes = [
            models.Index(
                fields=["call_list", "time_zone", "priority", "id"],
                name="entry_untouched",
                condition=Q(state="waiting", reserved_for__isnull=True, not_before__isnull=True),
            ),
            models.Index(
                fields=["call_list", "not_before", "id"],
                name="entry_again",
                condition=Q(state="waiting", reserved_for__isnull=True, not_before__isnull=False),
            ),
            models.Index(
                fields=["reserved_for", "not_before"],
                name="entry_reserved",
                condition=Q(state="waiting", reserved_for__isnull=False),
            ),
            models.Index(fields=["claimed_at"], name="entry_claimed", condition=Q(state="claimed", claimed_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["call_list", "company"], name="entry_company_once_per_list"),
            models.UniqueConstraint(fields=["claimed_by"], condition=Q(state="claimed"), name="entry_one_claim_per_person"),
            # Ids are positive: the words only keep the planner from walking through everybody's claims for those of one
            models.UniqueConstraint(
                fields=["company"], condition=Q(state="claimed", company__gt=0), name="entry_one_caller_per_company"
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", claimed_by__isnull=False, claimed_at__isnull=False) | ~Q(state="claimed"),
                name="entry_claim_has_a_caller",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_list_id} {self.company_id} {self.state}"


class CallQuerySet(ScopedQuerySet["Call"]):
    scope = "calls"

    def reach_direction(self, viewer: Viewer) -> Q:
        """Calls to companies of the head's direction, and those of the head's people."""
        return Q(employee_id__in=viewer.team_ids) | Q(company__direction_id__in=viewer.direction_ids)

    def reach_clients(self, viewer: Viewer) -> Q:
        """Calls to companies that the viewer holds, and the viewer's own."""
        return Q(employee_id=viewer.own_id) | one_of("company_id", Company.objects.visible_to(viewer).order_by().values("pk"))

    def reach_own(self, viewer: Viewer) -> Q:
        """The viewer's own calls."""
        return Q(employee_id=viewer.own_id)


class Call(ScopedModel):
    """One call. A bulk table: partitioned by `called_on`, without foreign keys in the database (`0002_bulk_tables`)."""

    class Outcome(models.TextChoices):
        """What came of a dial; from `REFUSED` on, somebody talked to us."""

        NO_ANSWER = "no_answer", _("no answer")
        BUSY = "busy", _("busy")
        WRONG_NUMBER = "wrong_number", _("wrong number")
        GATEKEEPER = "gatekeeper", _("secretary did not put through")
        CALL_BACK = "call_back", _("call back later")
        REFUSED = "refused", _("refused")
        INFORMATION = "information", _("needs information")
        WARM = "warm", _("warm contact")
        MEETING = "meeting", _("meeting agreed")

    CONVERSATIONS = (Outcome.CALL_BACK, Outcome.REFUSED, Outcome.INFORMATION, Outcome.WARM, Outcome.MEETING)
    """Outcomes in which the right person was spoken to."""
    WARM = (Outcome.WARM, Outcome.MEETING)
    """Outcomes that become a deal."""

    called_on = models.DateField()
    started_at = models.DateTimeField()
    duration_seconds = models.PositiveIntegerField(default=0)
    employee = models.ForeignKey(Employee, on_delete=models.DO_NOTHING, db_constraint=False, related_name="calls")
    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, db_constraint=False, related_name="calls")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="calls")
    entry = models.ForeignKey(CallListEntry, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="calls")
    deal = models.ForeignKey(Deal, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="calls")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    note = models.TextField(_("note"), blank=True, default="")
    next_step = models.CharField(_("next step"), max_length=200, blank=True, default="")
    next_step_at = models.DateTimeField(_("next step at"), null=True, blank=True)

    objects: Any = closed_manager(CallQuerySet)
    all_rows = CallQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "pipeline_call"
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-called_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.started_at} {self.outcome}"

    @property
    def ended_at(self) -> datetime:
        """When it was over, which is when it was logged."""
        return self.started_at + timedelta(seconds=self.duration_seconds)


class LastCall(models.Model):
    """What a person's newest logged call brought about, so that a slip can be taken back exactly; one row per person."""

    employee = models.OneToOneField(Employee, on_delete=models.CASCADE, related_name="last_call")
    call_id = models.BigIntegerField()
    called_on = models.DateField()
    entry = models.ForeignKey(CallListEntry, null=True, on_delete=models.CASCADE, related_name="+")
    entry_before = models.JSONField(default=dict)
    entry_after = models.JSONField(default=dict)
    created = models.JSONField(default=dict)
    logged_at = models.DateTimeField()

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"

    def __str__(self) -> str:
        return f"{self.employee_id} {self.call_id}"


class CallListCount(models.Model):
    """A part of how many `companies` a list has, how many are `done`, or how many of its calls came to an outcome.

    Triggers add a row for each deed (`0013_list_counts`); the count is the sum, and the sweeper adds them up.
    """

    COMPANIES, DONE = "companies", "done"

    call_list_id = models.BigIntegerField()
    what = models.CharField(max_length=12)
    count = models.BigIntegerField()

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        indexes = [models.Index(fields=["call_list_id", "what"], name="list_count_by_list")]

    def __str__(self) -> str:
        return f"{self.call_list_id} {self.what} {self.count}"


class OpenZones(models.Model):
    """Time zones in which clients may be called, per quarter of an hour since 1970; the queue's function reads it."""

    quarter = models.BigIntegerField(primary_key=True)
    zones = ArrayField(models.TextField())

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"

    def __str__(self) -> str:
        return f"{self.quarter}"
