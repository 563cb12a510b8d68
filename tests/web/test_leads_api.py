"""Leads over the API: programs tell who people are, sellers read what they watched, administrators settle who is who."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from repurpose.client import ApiError, Client
from repurpose.db import audit, lead_views, leads, views
from repurpose.db.films import films_of
from repurpose.track.fold import Arrival, arrive
from repurpose.track.steps import Came
from repurpose.track.writer import write
from tests.track.made import batch, came, seg
from tests.web.served import Served, published, served

LAPTOP, PHONE = f"v{'a' * 22}", f"v{'b' * 22}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("leads") / "home") as made:
        yield made


def watch(server: Served, event: str, visitor: str, psid: str, link: str = "") -> None:
    engine = server.place.engine
    of = next(one for one in films_of(engine, event).values() if one.length == 30_000)
    views.consent(engine, visitor, "given", "", "1", "zh")
    how = came(of, visitor=visitor)
    if link:
        how = Came(**{**vars(how), "link": link})
    one = arrive(batch([seg(1, 0, 6000, 0)], psid=psid), how)
    assert isinstance(one, Arrival)
    write(engine, [one], Counter())


@pytest.mark.slow
def test_from_a_program_to_what_was_watched(server: Served) -> None:
    event = published(server.place)
    watch(server, event.id, LAPTOP, "l" * 22)
    with Client(server.base, server.keys["sales"]) as api:
        told = api.identify({"crm": "7", "email": "Anna@Example.com"}, visitor=LAPTOP, about={"name": "Anna"}, source="crm",
                            event=event.id, attended={"attended": True, "minutes": 30})  # fmt: skip
        assert told["state"] == "new" and told["lead"]
        assert api.identify({"email": "anna@example.com"})["state"] == "known"
        assert api.identify({"email": "null", "crm": "undefined"}) == {"lead": None, "state": "refused"}
        [one] = api.leads(event=event.id)["items"]
        assert one["id"] == told["lead"] and one["seconds"] == 6 and one["watched"][0]["runs"] == [[0, 6]]
        assert one["about"]["name"] == "Anna" and one["attendance"][0]["minutes"] == 30 and one["source"] == "api:crm"
        whole = api.lead(told["lead"])
        assert whole["perhaps"] == [] and {key["kind"] for key in whole["known_by"]} == {"crm", "email"}
        with pytest.raises(ApiError) as missing:
            api.lead("le_" + "a" * 20)
        assert missing.value.status == 404
        for wrong in ({"ip": "10.0.0.1"}, {"email": "a@x.com" * 60}):
            with pytest.raises(ApiError) as refused:
                api.identify(wrong)
            assert refused.value.status == 422
        with pytest.raises(ApiError, match="403"):
            api.merge_leads(told["lead"], "le_" + "a" * 20, "no")
    with server.client("sales") as client:
        answer = client.get("/api/v1/leads")
        assert client.get("/api/v1/leads", headers={"if-none-match": answer.headers["etag"]}).status_code == 304


@pytest.mark.slow
def test_merged_and_apart_and_pages(server: Served) -> None:
    with Client(server.base, server.keys["admin"]) as api:
        ids = [api.identify({"email": f"p{n}@example.com"})["lead"] or "" for n in range(3)]
        first = api.leads(limit=2)
        rest = api.leads(limit=200, after=first["next"])
        listed = [one["id"] for one in first["items"] + rest["items"]]
        assert len(listed) == len(set(listed)) == len(leads.listed(server.place.engine, limit=1000))
        assert api.merge_leads(ids[0], ids[1], "one person") == ids[1] and api.lead(ids[0])["id"] == ids[1]
        with pytest.raises(ApiError, match="one lead already"):
            api.merge_leads(ids[1], ids[0], "again")
        assert api.unmerge_lead(ids[1], "two after all") == ids[0] and api.lead(ids[0])["id"] == ids[0]
        api.identify({"crm": "70", "email": "p0@example.com"})
        api.identify({"crm": "70", "email": "p2@example.com"})
        with server.client("admin") as client:
            [asked] = client.get("/api/v1/lead-conflicts").json()["items"]
            assert {asked["lead"], asked["other"]} == {ids[0], ids[2]}
            assert client.post(f"/api/v1/lead-conflicts/{asked['id']}/apart").status_code == 200
            assert client.get("/api/v1/lead-conflicts").json()["items"] == []
    assert {"leads.merge", "leads.unmerge", "leads.apart"} <= {one.action for one in audit.noted(server.place.engine)}


@pytest.mark.slow
def test_who_opens_a_personal_link_is_only_perhaps_that_person(server: Served) -> None:
    event, engine = published(server.place), server.place.engine
    with Client(server.base, server.keys["sales"]) as api:
        lead = api.identify({"email": "reader@example.com"})["lead"] or ""
        code = lead_views.personal_link(engine, event.id, lead, "mail", "test")
        assert code == lead_views.personal_link(engine, event.id, lead, "mail", "test")
        with server.client() as reader:
            led = reader.get(f"/l/{code}", follow_redirects=False).headers["location"]
        assert led == f"/e/{event.slug}?l={code}"
        watch(server, event.id, PHONE, "m" * 22, code)  # it may have been handed on
        assert api.lead(lead)["watched"] == [] and [one["visitor"] for one in api.lead(lead)["perhaps"]] == [PHONE]
        with server.client("sales") as client:
            answer = client.post(f"/api/v1/leads/{lead}/browsers", json={"visitor": PHONE})
        assert answer.status_code == 200
        assert api.lead(lead)["watched"][0]["seconds"] == 6 and api.lead(lead)["perhaps"] == []


@pytest.mark.slow
def test_a_form_with_consent_makes_a_lead(server: Served) -> None:
    event = published(server.place)
    with httpx.Client(base_url=server.base, follow_redirects=True, timeout=60) as reader:
        agreed = reader.post("/t/v1/consent", data={"choice": "yes", "locale": "zh-CN"})
        visitor = "v" + agreed.cookies["rp-visitor"]
        page = reader.get(f"/e/{event.slug}").text
        stamp = page.split('name="stamp" value="')[1].split('"')[0]
        given = {"name": "林溪", "company": "墨川", "email": "LIN@example.com", "consent": "yes", "stamp": stamp}
        assert reader.post(f"/e/{event.slug}/form", data=given).status_code == 200
    with Client(server.base, server.keys["sales"]) as api:
        lead = next(
            one for one in api.leads()["items"] if {"kind": "email", "value": "lin@example.com"} in one["known_by"]
        )
    assert lead["about"]["company"] == "墨川" and lead["source"] == "form"
    assert [one for one, *_ in leads.visitors_of(server.place.engine, lead["id"])] == [visitor]
