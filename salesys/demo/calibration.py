"""How the made-up department behaves. What could be measured is measured, the rest is said to be chosen.

Source of the figures on calls: S. Moro, P. Cortez, P. Rita, "A data-driven approach to predict the success of bank
telemarketing", Decision Support Systems 62 (2014), UCI Machine Learning Repository, CC BY 4.0; 45,211 calls of a bank,
counted by `tests/demo/test_calibration.py`.
"""

from __future__ import annotations

from types import MappingProxyType

# Measured on the bank's calls

SUCCESS_BY_ATTEMPT = (0.146, 0.112, 0.112, 0.090, 0.079, 0.071, 0.064, 0.059)
"""Share of calls that ended with a yes, by the number of the contact in its campaign, first to eighth."""

SUCCESS_OVERALL = 0.117

SUCCESS_BY_MONTH = MappingProxyType(
    {1: 0.101, 2: 0.166, 3: 0.520, 4: 0.197, 5: 0.067, 6: 0.102, 7: 0.091, 8: 0.110, 9: 0.465, 10: 0.438, 11: 0.102, 12: 0.467}
)
"""The same by month. Months with few calls had chosen contacts, so only the direction is taken over (`MONTH_WEIGHT`)."""

SECONDS_OF_YES = (8, 161, 217, 270, 341, 426, 532, 658, 815, 1061, 1806)
SECONDS_OF_NO = (5, 54, 83, 108, 135, 164, 200, 248, 319, 447, 1015)
"""Deciles of the duration of calls with a yes and without; first and last stand for the extremes (last: 99 %)."""

# Chosen

MONTH_WEIGHT = 0.12
STRANGERS = 0.36
"""Companies that do not know us say yes to a third of what the bank's own customers say."""

REACHED = 0.34
"""Share of dials in which the right person is on the phone; the rest is divided as `UNREACHED`."""
UNREACHED = (("no_answer", 0.66), ("gatekeeper", 0.19), ("busy", 0.12), ("wrong_number", 0.03))
OTHERWISE = (("refused", 0.60), ("call_back", 0.32), ("information", 0.08))
"""What a conversation without a yes ends with."""
MEETING_SHARE = 0.30
"""Share of successful conversations in which a meeting is agreed at once."""

ATTEMPTS = 8
"""After so many dials in a row a company is left alone for a while."""
REST_DAYS = (20, 44)
HOURS = ((9, 0.09), (10, 0.16), (11, 0.16), (12, 0.10), (13, 0.06), (14, 0.13), (15, 0.13), (16, 0.10), (17, 0.07))
DIALS_PER_DAY = 27

SEASON = MappingProxyType(
    {1: 0.72, 2: 0.92, 3: 1.04, 4: 1.06, 5: 0.90, 6: 1.00, 7: 0.82, 8: 0.80, 9: 1.06, 10: 1.15, 11: 1.20, 12: 1.33}
)
"""Willingness to buy by month, averaging one: a slow January, holidays in summer, budgets spent in December."""
HOLIDAY_SHARE = MappingProxyType({1: 0.03, 5: 0.06, 6: 0.10, 7: 0.16, 8: 0.16, 12: 0.05})
"""Share of people who are away on a working day; 3 % in the months that are not named."""

INBOUND_PER_DAY = 0.55
"""Requests a working day that come by themselves, for 3,000 companies."""

STAGE_ODDS = MappingProxyType({"engaged": 0.63, "proposal": 0.74, "contract": 0.60, "won": 0.90})
"""Chance of a deal of an average seller to reach the stage from the one before it."""
STAGE_DAYS = MappingProxyType({"engaged": (2, 14), "proposal": (3, 18), "contract": (5, 30), "won": (2, 16), "lost": (3, 35)})

REPEAT_PER_MONTH = 0.10
"""Chance of a client to order again in a month."""
TAKEOVER_SHARE = 0.72
"""Clients that the client department takes over about a month after their first payment."""
LATE_SHARE, UNPAID_SHARE, REFUND_SHARE = 0.24, 0.006, 0.016
EXPLICIT_COST_SHARE, LOSS_SHARE = 0.25, 0.02
