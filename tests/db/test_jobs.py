"""Claims: one holder at a time, and nobody writes over a successor."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from repurpose.db import jobs, runs, tables
from repurpose.db.jobs import Claim, JobRow
from repurpose.db.session import Database, open_database, reading, writing
from repurpose.errors import UserError

KEY = "k" * 64


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'records' / 'some.db'}")
    yield database
    database.dispose()


def claim(database: Database, worker: str = "a", began: int = 0, run: str = "r") -> Claim | None:
    return jobs.claim(database, KEY, run=run, stage="words", variant="", worker=worker, began=began)


def row(database: Database) -> JobRow:
    return jobs.find(database, [KEY])[KEY]


def test_one_claims_and_the_others_do_not(database: Database) -> None:
    held: list[Claim | None] = []
    threads = [threading.Thread(target=lambda n=n: held.append(claim(database, str(n)))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each for each in held if each] == [Claim(KEY, 1)]
    assert row(database).state == "running"


def test_a_settled_job_is_not_claimed_again(database: Database) -> None:
    held = claim(database)
    assert held and jobs.settle(database, held, "done", output="d" * 64)
    assert claim(database) is None
    assert row(database).output == "d" * 64 and row(database).progress == 1.0 and (row(database).seconds or 0) >= 0


def test_what_was_skipped_stays_skipped_and_what_was_cancelled_is_free(database: Database) -> None:
    held = claim(database)
    assert held and jobs.settle(database, held, "cancelled")
    again = claim(database)
    assert again == Claim(KEY, 2) and jobs.settle(database, again, "skipped", reason="too short")
    assert claim(database, began=jobs.now() + 1) is None and row(database).reason == "too short"


def test_what_failed_is_free_only_for_a_run_that_began_later(database: Database) -> None:
    held = claim(database)
    assert held and jobs.settle(database, held, "failed", reason="no")
    assert claim(database) is None
    assert claim(database, began=jobs.now() + 1) == Claim(KEY, 2)


def test_a_stale_attempt_can_write_nothing(database: Database) -> None:
    stale = claim(database, "slow")
    assert stale
    assert jobs.take_back(database, jobs.running(database)) == [] or row(database).state == "queued"
    fresh = claim(database, "quick")
    assert fresh == Claim(KEY, 2)
    assert not jobs.beat(database, stale, 0.5)
    assert not jobs.settle(database, stale, "done", output="s" * 64)
    assert jobs.beat(database, fresh, 0.7) and row(database).progress == 0.7
    assert jobs.settle(database, fresh, "done", output="f" * 64)
    assert not jobs.settle(database, stale, "done", output="s" * 64) and row(database).output == "f" * 64


def test_a_beat_renews_the_lease(database: Database) -> None:
    held = claim(database)
    with writing(database) as connection:
        connection.execute(update(tables.jobs).values(lease_until=1))
    assert held and jobs.beat(database, held, 0.1) and row(database).lease_until > jobs.now()


def test_a_job_that_kills_its_workers_fails_in_the_end_and_a_new_run_tries_anew(database: Database) -> None:
    began = runs.begin(database, "r", "talk", {}, "p" * 64).began
    for _ in range(jobs.CRASHES):
        assert claim(database, began=began)
        jobs.take_back(database, jobs.running(database))
    assert row(database).state == "failed" and "workers died" in row(database).reason
    assert claim(database, began=began) is None
    assert claim(database, began=jobs.now() + 1) and row(database).crashes == 0


def test_deaths_before_the_run_began_again_do_not_count(database: Database) -> None:
    for _ in range(jobs.CRASHES + 2):
        assert claim(database, began=runs.begin(database, "r", "talk", {}, "p" * 64).began)
        with writing(database) as connection:  # long ago
            connection.execute(update(tables.jobs).values(started=1))
        jobs.take_back(database, jobs.running(database))
        assert row(database).state == "queued" and row(database).crashes == 0


def test_a_run_begun_again_keeps_its_birth_and_takes_its_new_roots(database: Database) -> None:
    first = runs.begin(database, "r", "talk", {"source": "1"}, "p" * 64)
    second = runs.begin(database, "r", "talk", {"source": "1", "choices": "2"}, "q" * 64)
    assert second.created == first.created and second.began >= first.began
    assert runs.load(database, "r") == second and runs.all_runs(database) == [second]
    assert runs.referenced(database) == {"1", "2", "q" * 64} and runs.load(database, "other") is None


def test_sqlite_is_set_to_lose_nothing(database: Database) -> None:
    with reading(database) as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_many_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    opened: list[Database] = []
    url = f"sqlite:///{tmp_path / 'new.db'}"
    threads = [threading.Thread(target=lambda: opened.append(open_database(url))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 8
    for database in opened:
        database.dispose()


@pytest.mark.parametrize("url", ["nonsense", "oracle-of-delphi://x", "sqlite:////proc/no/such/place.db"])
def test_an_address_nothing_answers_at_is_the_users_to_mend(url: str) -> None:
    with pytest.raises(UserError, match="REPURPOSE_DATABASE"):
        open_database(url)
