from __future__ import annotations

import pytest

from salesys.kernel.errors import InvalidInput, Issue, invalid, raise_if_any


def test_an_error_names_field_value_and_remedy() -> None:
    error = invalid("negative", "A rate may not be negative.", field="rate", value="-1", remedy="Use zero or more.")
    assert str(error) == "rate='-1': A rate may not be negative. Use zero or more."


def test_an_issue_without_a_field_is_its_sentence() -> None:
    assert str(Issue("empty", "There is nothing to load.")) == "There is nothing to load."


def test_several_issues_are_raised_together() -> None:
    with pytest.raises(InvalidInput) as caught:
        raise_if_any(Issue(code, "Wrong.") for code in ("one", "two"))
    assert [issue.code for issue in caught.value.issues] == ["one", "two"]


def test_no_issue_raises_nothing() -> None:
    raise_if_any([])
