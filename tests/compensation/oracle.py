"""A naive computation of everything that everybody earns: one payment and one person at a time.

It reads the tables row by row and shares only the arithmetic of a single component with the product.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, cast

from accounts.models import Assignment
from compensation.engine.earning import earn_plan_bonus, earn_rate, earn_salary, share_team_fund, team_fund
from compensation.engine.margin import margin_of
from compensation.engine.newness import ClientStart, NewUntil, is_new
from compensation.engine.terms import Newness, PlanBonus, Rate, Salary, SchemeTerms, TeamPool
from compensation.models import PayPeriod, PoolWeight, SchemeAssignment, SchemeVersion
from compensation.schemes.terms import components_of
from pipeline.models import Deal, Payment, Relationship
from planning.calendar.queries import workdays_of
from planning.goals.models import PlanAmount
from salesys.kernel.money import round_money
from salesys.kernel.periods import Month

ZERO = Decimal(0)
MILLION = Decimal(1_000_000)


class Credit(NamedTuple):
    payment_id: int
    payee_id: int
    component_id: int
    department_id: int | None
    is_new: bool
    net: Decimal
    basis: Decimal
    rate: Decimal | None
    amount: Decimal


class Earning(NamedTuple):
    payee_id: int
    component_id: int
    department_id: int
    amount: Decimal


class Stored(NamedTuple):
    """A component of a version of a scheme."""

    scheme_id: int
    version: SchemeVersion
    code: str
    terms: Any


class Pool(NamedTuple):
    """A pool of a department in a month, with every day on which somebody was a member."""

    department_id: int
    scheme_id: int
    component_id: int
    code: str
    terms: TeamPool
    covered: list[tuple[date, int]]


class Oracle:
    """The world as it stands now."""

    def __init__(self) -> None:
        self.assignments = list(Assignment.all_rows.all())
        self.scheme_assignments = list(SchemeAssignment.all_rows.all())
        self.versions = list(SchemeVersion.all_rows.all())
        self.components = components_of([version.pk for version in self.versions])
        self.parts_by_id = {
            component_id: Stored(version.scheme_id, version, part.code, part.terms)
            for version in self.versions
            for component_id, part in self.components[version.pk]
        }
        self.relationships = [cast("Relationship", row) for row in Relationship.all_rows.all()]
        self.payments = list(Payment.all_rows.select_related("contract__product", "refund_of__contract__product").order_by("pk"))
        self.deals = list(Deal.all_rows.filter(status="won").order_by("closed_on", "pk"))
        self.starts: dict[int, ClientStart] = {}

    def place(self, employee_id: int, on: date) -> Assignment | None:
        return next((row for row in self.assignments if row.employee_id == employee_id and on in row.valid), None)

    def version(self, employee_id: int, on: date) -> SchemeVersion | None:
        place = self.place(employee_id, on)
        if place is None:
            return None
        own = [row for row in self.scheme_assignments if row.employee_id == employee_id and on in row.valid]
        by_role = [row for row in self.scheme_assignments if not row.employee_id and row.role == place.role and on in row.valid]
        for given in own or by_role:
            return next((row for row in self.versions if row.scheme_id == given.scheme_id and on in row.valid), None)
        return None

    def parts(self, version: SchemeVersion) -> list[tuple[int, Any]]:
        return self.components[version.pk]

    def start(self, company_id: int) -> ClientStart:
        if company_id not in self.starts:
            self.starts[company_id] = self._start(company_id)
        return self.starts[company_id]

    def _start(self, company_id: int) -> ClientStart:
        first = min(payment.paid_on for payment in self.payments if payment.company_id == company_id)
        won = [deal.pk for deal in self.deals if deal.company_id == company_id]
        return ClientStart(first, won[0] if won else None)

    def credits(self, month: Month) -> list[Credit]:
        return sorted(
            credit for payment in self.payments if Month.of(payment.paid_on) == month for credit in self.credits_of(payment)
        )

    def credits_of(self, payment: Payment) -> list[Credit]:
        original = payment.refund_of or payment
        held = [row for row in self.relationships if row.company_id == original.company_id and original.paid_on in row.valid]
        found = [credit for row in held for credit in self._rates(payment, original, row)]
        pooled: dict[int, Credit] = {}
        for kind in ("account_manager", "vip"):  # once for each pool, by the account manager where there are both
            for row in held:
                for credit in self._pools(payment, original, row) if row.kind == kind else []:
                    pooled.setdefault(credit.component_id, credit)
        return found + list(pooled.values())

    def _rates(self, payment: Payment, original: Payment, held: Relationship) -> list[Credit]:
        version = self.version(held.employee_id, original.paid_on)
        place = self.place(held.employee_id, original.paid_on)
        if version is None or place is None:
            return []
        contract, product = original.contract, original.contract.product
        fresh = is_new(
            NewUntil.parse(version.new_until), self.start(original.company_id), paid_on=original.paid_on, deal_id=contract.deal_id
        )
        net = payment.amount_without_vat
        margin = margin_of(
            net,
            direct_cost=contract.direct_cost,
            contract_amount=contract.amount,
            cost_rate=product.cost_rate if product else ZERO,
        )
        found = []
        for component_id, part in self.parts(version):
            terms = part.terms
            if not isinstance(terms, Rate) or terms.role != held.kind:
                continue
            if terms.newness is not Newness.ANY and (terms.newness is Newness.NEW) != fresh:
                continue
            if terms.product_id not in {None, contract.product_id} or terms.department_id not in {None, place.department_id}:
                continue
            if terms.category and (product is None or product.category != terms.category):
                continue
            basis = margin if terms.basis == "margin" else net
            rate = None if terms.is_summed else terms.rate
            amount = round_money(basis * rate) if rate is not None else Decimal("0.00")
            found.append(Credit(payment.pk, held.employee_id, component_id, None, fresh, net, basis, rate, amount))
        return found

    def _pools(self, payment: Payment, original: Payment, held: Relationship) -> list[Credit]:
        place = self.place(held.employee_id, original.paid_on)
        if place is None:
            return []
        there = {
            row.employee_id
            for row in self.assignments
            if row.department_id == place.department_id and original.paid_on in row.valid
        }
        versions = {version.pk: version for person in there if (version := self.version(person, original.paid_on))}
        first_deal = original.contract.deal_id == self.start(original.company_id).first_deal_id
        fresh = first_deal and original.contract.deal_id is not None
        net = payment.amount_without_vat
        return [
            Credit(payment.pk, held.employee_id, component_id, place.department_id, fresh, net, net, None, Decimal("0.00"))
            for version in versions.values()
            for component_id, part in self.parts(version)
            if isinstance(part.terms, TeamPool)
        ]

    def uncredited(self) -> set[int]:
        return {
            payment.pk
            for payment in self.payments
            if not any(
                self.version(row.employee_id, (payment.refund_of or payment).paid_on)
                for row in self.relationships
                if row.company_id == payment.company_id and (payment.refund_of or payment).paid_on in row.valid
            )
            and not self.credits_of(payment)
        }

    def earnings(self, month: Month) -> list[Earning]:
        days = [day.on for day in workdays_of(month) if day.hours]
        sums: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
        for credit in self.credits(month):
            if credit.rate is None:
                sums[credit.payee_id, credit.component_id, credit.department_id or 0] += credit.basis
        attained = self._attained(month)
        found = self._summed_rates(month, days, sums, attained) + self._funds(month, days, sums)
        if self.pays_days(month):
            for person in {row.employee_id for row in self.assignments}:
                found += self._salaries(person, month, days)
                found += self._bonuses(person, month, attained)
        return sorted(found)

    def _attained(self, month: Month) -> dict[int, Decimal]:
        """What was paid under a seller's contracts per what was agreed, to six places of which none is reached early."""
        agreed = PlanAmount.all_rows.filter(month=month.first, node__level=2, node__plan__status="agreed")
        planned: dict[int, Decimal] = defaultdict(Decimal)
        for row in agreed.select_related("node"):
            planned[row.node.employee_id or 0] += row.amount
        paid = [payment for payment in self.payments if Month.of(payment.paid_on) == month]
        found = {}
        for person, plan in planned.items():
            fact = sum((payment.amount_without_vat for payment in paid if payment.contract.seller_id == person), ZERO)
            if plan:
                found[person] = min(fact * MILLION // plan / MILLION, Decimal("999.999999"))
        return found

    def _covered(self, person: int, month: Month) -> list[tuple[date, SchemeVersion]]:
        dates = [month.first + timedelta(days=offset) for offset in range((month.last - month.first).days + 1)]
        return [(on, version) for on in dates if (version := self.version(person, on))]

    def _salaries(self, person: int, month: Month, days: list[date]) -> list[Earning]:
        worked: dict[int, int] = defaultdict(int)
        terms: dict[int, Salary] = {}
        for on, version in self._covered(person, month):
            for component_id, part in self.parts(version):
                if isinstance(part.terms, Salary):
                    worked[component_id] += on in days
                    terms[component_id] = part.terms
        return [
            Earning(person, component_id, 0, earn_salary(terms[component_id], worked_days=count, norm_days=len(days)).amount)
            for component_id, count in worked.items()
        ]

    def _bonuses(self, person: int, month: Month, attained: Any) -> list[Earning]:
        covered = self._covered(person, month)
        if not covered:
            return []
        parts = self.parts(covered[-1][1])
        salary = SchemeTerms(tuple(part for _id, part in parts)).salary
        found = []
        for component_id, part in parts:
            terms = part.terms
            if isinstance(terms, PlanBonus):
                result = earn_plan_bonus(terms, attainment=attained.get(person), salary=salary)
                found.append(Earning(person, component_id, 0, result.amount))
        return found

    def _summed_rates(self, month: Month, days: list[date], sums: Any, attained: Any) -> list[Earning]:
        """Credits of a payee under one code of a scheme are one sum; the last version that concerned the payee decides.

        Each day covered by a version that promises a floor brings its part of the last version's floor, as of a salary.
        """
        credited: dict[tuple[int, int, str], dict[int, Decimal]] = defaultdict(dict)
        for (person, component_id, department_id), basis in sums.items():
            if not department_id:
                part = self.parts_by_id[component_id]
                credited[person, part.scheme_id, part.code][component_id] = basis
        covered = self._summed_days(month)
        found = []
        for key in credited.keys() | covered.keys():
            bases, spans = credited.get(key, {}), covered.get(key, [])
            stood = {*bases, *(component_id for _on, component_id in spans)}
            last = max(stood, key=lambda component_id: self.parts_by_id[component_id].version.valid_from)
            floor = self._floor(month, days, last, spans)
            if bases or floor:
                terms = replace(self.parts_by_id[last].terms, floor=floor)
                result = earn_rate(terms, sum(bases.values(), ZERO), attainment=attained.get(key[0]))
                found.append(Earning(key[0], last, 0, result.amount))
        return found

    def _summed_days(self, month: Month) -> dict[tuple[int, int, str], list[tuple[date, int]]]:
        """Payee, scheme and code of rates that are earned on sums -> each day covered, and by which component."""
        covered: dict[tuple[int, int, str], list[tuple[date, int]]] = defaultdict(list)
        for person in {row.employee_id for row in self.assignments}:
            for on, version in self._covered(person, month):
                for component_id, part in self.parts(version):
                    if isinstance(part.terms, Rate) and part.terms.is_summed:
                        covered[person, version.scheme_id, part.code].append((on, component_id))
        return covered

    def _floor(self, month: Month, days: list[date], last: int, spans: list[tuple[date, int]]) -> Decimal | None:
        amount = self.parts_by_id[last].terms.floor
        promised = [on for on, component_id in spans if self.parts_by_id[component_id].terms.floor is not None]
        if amount is None or not promised or not self.pays_days(month):
            return None
        return round_money(amount * sum(on in days for on in promised) / len(days))

    def pays_days(self, month: Month) -> bool:
        """Salaries, bonuses and floors begin with the ledger."""
        first = PayPeriod.all_rows.order_by("month_on").first()
        return first is None or month.first >= first.month_on

    def _funds(self, month: Month, days: list[date], sums: Any) -> list[Earning]:
        return [
            earning
            for pool in self._pools_of(month)
            for earning in self._fund(month, days, pool, sum((sums[key] for key in sums if self._collects(pool, key)), ZERO))
        ]

    def lost(self, month: Month) -> set[tuple[int, int]]:
        """Payee and component of refunds credited towards a pool that nobody is a member of in the month."""
        sums: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
        for credit in self.credits(month):
            if credit.department_id:
                sums[credit.payee_id, credit.component_id, credit.department_id] += credit.basis
        pools = self._pools_of(month)
        return {key[:2] for key, basis in sums.items() if basis < 0 and not any(self._collects(pool, key) for pool in pools)}

    def _collects(self, pool: Pool, key: tuple[int, int, int]) -> bool:
        """Whether it was credited under the same code of any version of the pool's scheme, in its department."""
        credited = self.parts_by_id[key[1]]
        return (pool.department_id, pool.scheme_id, pool.code) == (key[2], credited.scheme_id, credited.code)

    def _pools_of(self, month: Month) -> list[Pool]:
        """Department x scheme x pool of the version in force last there."""
        covered: dict[tuple[int, int], list[tuple[date, SchemeVersion, int]]] = defaultdict(list)
        for person in sorted({row.employee_id for row in self.assignments}):
            for on, version in self._covered(person, month):
                place = self.place(person, on)
                assert place is not None
                covered[place.department_id, version.scheme_id].append((on, version, person))
        return [
            Pool(department_id, scheme_id, component_id, part.code, part.terms, [(on, person) for on, _version, person in rows])
            for (department_id, scheme_id), rows in covered.items()
            for component_id, part in self.parts(max(rows, key=lambda row: (row[0], row[1].pk))[1])
            if isinstance(part.terms, TeamPool)
        ]

    def _fund(self, month: Month, days: list[date], pool: Pool, collected: Decimal) -> list[Earning]:
        by_person: dict[int, int] = defaultdict(int)
        for on, person in pool.covered:
            by_person[person] += on in days
        set_by_head = {
            row.employee_id: row.weight for row in PoolWeight.all_rows.filter(department=pool.department_id, month_on=month.first)
        }
        weights = [set_by_head.get(person, ZERO) for person in by_person]
        chosen = weights if any(weights) else [Decimal(count) for count in by_person.values()]
        shares = share_team_fund(team_fund(pool.terms, collections=collected), chosen)
        return [
            Earning(person, pool.component_id, pool.department_id, share.amount)
            for person, share in zip(by_person, shares, strict=True)
        ]
