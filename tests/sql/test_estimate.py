"""How much a query would scan; over HTTP this is in tests/e2e/test_estimate.py."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flowtui.aws.models import StoredObject
from flowtui.sql import estimate


@pytest.mark.parametrize(("there", "more"), [(3, False), (4, True)])
def test_listing_ends_at_the_limit_whatever_buckets_are_left(monkeypatch, there: int, more: bool) -> None:
    listed = []

    def list_folders(_, bucket, prefixes):
        for number in range(there):
            listed.append(bucket)
            yield StoredObject(bucket, f"x/{number}.log.gz", "e", 10, datetime(2024, 1, 15, tzinfo=UTC))

    monkeypatch.setattr(estimate, "list_folders", list_folders)
    monkeypatch.setattr(estimate, "MOST_OBJECTS", 3)
    places = ["s3://a/x/", "s3://b/x/"] if more else ["s3://a/x/"]
    *_, found = estimate._counted(None, places, estimate.Estimate(), 0)  # type: ignore[arg-type]  # not asked
    assert (found.objects, found.size) == (3, 30)
    assert len(found.remarks) == more
    assert set(listed) == {"a"}
