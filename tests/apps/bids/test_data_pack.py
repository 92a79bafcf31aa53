"""The data pack: released in versions to invited vendors; a price says which one it was made on."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import PriceSheet, Submission
from apps.bids.services import inviting, sheets, submitting
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import Mail
from apps.rfp.models import PackFile, PackVersion
from apps.rfp.selectors import pack_content, pack_file_for
from apps.rfp.services import releasing
from apps.rfp.states import EnvelopeKind
from tests.apps.bids.conftest import open_as
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

CSV = b"day,calls\nMon,heron-7719\n"
LATER = b"day,calls\nMon,heron-7719\nTue,egret-0042\n"


def add(buyer, tender, name="workload.csv", content=CSV):
    with acting_for(buyer.lead) as lead:
        return releasing.add(rfp=make.read(tender), name=name, content=content, actor=lead)


def release(buyer, tender, note="The first files."):
    with acting_for(buyer.lead) as lead:
        return releasing.release(rfp=make.read(tender), note=note, actor=lead)


def names(vendor, bid):
    with acting_for(vendor.owner) as owner:
        page = selectors.data_page(selectors.bid_for(owner, bid_id=bid.pk))
        return [(one.version.number, [file.name for file in one.files]) for one in page.released]


def test_a_file_is_nobodys_until_it_is_released(buyer, tender, bid_a, vendor_a):
    file = add(buyer, tender)
    client = sign_in(vendor_a.owner)
    url = reverse("bids:data_file", args=[bid_a.pk, file.pk])
    assert client.get(url).status_code == 404
    with acting_for(vendor_a.owner):
        assert not PackFile.objects.exists()
    release(buyer, tender)
    answer = client.get(url)
    assert (answer.status_code, answer.content) == (200, CSV)
    assert answer["Content-Disposition"] == 'attachment; filename="workload.csv"'
    assert answer["Content-Type"] == "application/octet-stream"


def test_the_content_lies_nowhere_in_the_clear(buyer, tender):
    file = add(buyer, tender)
    for path in Path(settings.FILES_DIR).rglob("*"):
        assert not path.is_file() or b"heron-7719" not in path.read_bytes(), path
    with acting_for(buyer.auditor) as user:
        held = pack_file_for(user, procurement_id=buyer.procurement.pk, file_id=file.pk)
        assert pack_content(held) == CSV


def test_versions_keep_what_they_had(buyer, tender, bid_a, vendor_a):
    add(buyer, tender)
    add(buyer, tender, "policy.txt", b"No call after ten.")
    release(buyer, tender)
    add(buyer, tender, "workload.csv", LATER)
    with acting_for(buyer.lead) as lead:
        policy = PackFile.objects.get(name="policy.txt")
        policy.rfp = make.read(tender)
        releasing.drop(file=policy, actor=lead)
    release(buyer, tender, "Tuesdays were missing.")
    assert names(vendor_a, bid_a) == [(2, ["workload.csv"]), (1, ["policy.txt", "workload.csv"])]
    client = sign_in(vendor_a.owner)
    with acting_for(buyer.lead):
        files = list(PackFile.objects.filter(name="workload.csv").order_by("added_in"))
    contents = [
        client.get(reverse("bids:data_file", args=[bid_a.pk, one.pk])).content for one in files
    ]
    assert contents == [CSV, LATER]


def test_what_was_released_stays(buyer, tender):
    file = add(buyer, tender)
    made = release(buyer, tender)
    with acting_for(buyer.lead):
        for statement, pk in (
            ("DELETE FROM rfp_packfile WHERE id = %s", file.pk),
            ("UPDATE rfp_packfile SET blob = 'x' WHERE id = %s", file.pk),
            ("UPDATE rfp_packfile SET dropped_in = 1, added_in = 0 WHERE id = %s", file.pk),
            ("UPDATE rfp_packversion SET note = 'x' WHERE id = %s", made.pk),
            ("DELETE FROM rfp_packversion WHERE id = %s", made.pk),
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [pk])


def test_a_new_version_marks_a_price_made_on_the_one_before(buyer, tender, bid_a, vendor_a):
    add(buyer, tender)
    release(buyer, tender)
    make.fill(bid_a, tender, vendor_a)
    client = sign_in(vendor_a.owner)
    data, price = (reverse(f"bids:{name}", args=[bid_a.pk]) for name in ("data", "price"))
    assert "earlier version" not in client.get(data).content.decode()
    add(buyer, tender, content=LATER)
    release(buyer, tender, "More days.")
    assert "Your price was made on an earlier version" in client.get(data).content.decode()
    assert "A newer data pack was released" in client.get(price).content.decode()
    with acting_for(vendor_a.owner) as owner:
        held = selectors.bid_for(owner, bid_id=bid_a.pk)
        sheets.save_price(bid=held, raw=make.SHEET, version=1, actor=owner)
        sheet = PriceSheet.objects.get(bid=held)
        assert (sheet.pack_version, sheet.version) == (2, 2)
    assert "A newer data pack was released" not in client.get(price).content.decode()


def test_after_the_opening_the_buyer_sees_what_a_price_was_made_on(
    buyer, tender, bid_a, vendor_a, after_grace
):
    add(buyer, tender)
    release(buyer, tender)
    make.fill(bid_a, tender, vendor_a)
    make.submit(bid_a, vendor_a)
    add(buyer, tender, content=LATER)
    release(buyer, tender, "More days.")
    with acting_for(buyer.lead):
        assert not Submission.objects.exists()
    after_grace()
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    page = sign_in(buyer.lead).get(reverse("bids:opening", args=[buyer.procurement.pk]))
    assert "Priced on version 1 of 2 of the data pack." in page.content.decode()


def test_every_vendor_is_told_and_one_that_declined_reads_nothing(
    buyer, tender, bid_a, bid_b, vendor_a, vendor_b
):
    with acting_for(vendor_b.owner) as owner:
        invitation = selectors.own_invitation(owner, bid_id=bid_b.pk)
        inviting.decline(invitation=invitation, reason="No team.", actor=owner)
    add(buyer, tender)
    made = release(buyer, tender)
    with acting_for(buyer.lead):
        told = Mail.objects.filter(event=f"pack:{made.pk}").values_list("recipient", flat=True)
        assert list(told) == [vendor_a.owner.email]
    with acting_for(vendor_b.owner):
        assert not PackVersion.objects.exists()
        assert not PackFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("run.exe", b"MZ"), ("plan.pdf", b"not a pdf"), ("empty.csv", b""), ("a.csv", b"a\x00b")],
)
def test_other_kinds_of_files_are_refused(buyer, tender, name, content):
    with pytest.raises(Incomplete) as refused:
        add(buyer, tender, name, content)
    assert set(refused.value.fields) == {"file"}
    with acting_for(buyer.lead):
        assert not PackFile.objects.exists()


def test_nothing_new_is_no_version_and_after_the_deadline_there_is_none(buyer, tender, set_clock):
    with pytest.raises(WrongState, match="Nothing changed"):
        release(buyer, tender)
    add(buyer, tender)
    with pytest.raises(Incomplete):
        release(buyer, tender, " ")
    set_clock(tender.rfp.round.closes_at + dt.timedelta(seconds=1))
    with pytest.raises(WrongState, match="until the deadline"):
        release(buyer, tender)


def test_only_the_lead_prepares_and_releases(buyer, tender):
    with acting_for(buyer.opener) as user, pytest.raises(NotAllowed):
        releasing.add(rfp=make.read(tender), name="a.csv", content=CSV, actor=user)


def test_the_data_pack_goes_through_the_pages(buyer, tender, other_buyer):
    case, client = buyer.procurement.pk, sign_in(buyer.lead)
    page = reverse("rfp:pack", args=[case])
    none = client.post(reverse("rfp:add-pack-file", args=[case]), {})
    assert none.status_code == 422
    assert "Choose a file first." in none.content.decode()
    sent = {"file": SimpleUploadedFile("calls.csv", CSV)}
    assert client.post(reverse("rfp:add-pack-file", args=[case]), sent).url == page
    assert client.post(reverse("rfp:release-pack", args=[case]), {"note": ""}).status_code == 422
    assert client.post(reverse("rfp:release-pack", args=[case]), {"note": "New."}).url == page
    with acting_for(buyer.lead):
        file = PackFile.objects.get()
    at = [case, file.pk]
    assert client.get(reverse("rfp:pack-file", args=at)).content == CSV
    assert sign_in(other_buyer.lead).get(reverse("rfp:pack-file", args=at)).status_code == 404
    assert client.post(reverse("rfp:drop-pack-file", args=at)).url == page
    assert "calls.csv" in client.get(page).content.decode()
    assert sign_in(buyer.evaluator).post(reverse("rfp:drop-pack-file", args=at)).status_code == 403


def test_both_lists_cost_the_same_with_one_version_and_with_three(buyer, tender, bid_a, vendor_a):
    urls = (
        (sign_in(buyer.auditor), reverse("rfp:pack", args=[buyer.procurement.pk])),
        (sign_in(vendor_a.owner), reverse("bids:data", args=[bid_a.pk])),
    )
    add(buyer, tender)
    release(buyer, tender)
    once = [make.queries(client, url) for client, url in urls]
    for number in (2, 3):
        add(buyer, tender, f"part{number}.csv", CSV)
        release(buyer, tender, f"Part {number}.")
    assert [make.queries(client, url) for client, url in urls] == once


def test_a_submission_seals_the_version_with_the_price(buyer, tender, bid_a, vendor_a):
    add(buyer, tender)
    release(buyer, tender)
    make.fill(bid_a, tender, vendor_a)
    made = make.submit(bid_a, vendor_a)
    assert (made.priced_on, made.answers_version) == (1, 1)
    with acting_for(vendor_a.owner) as owner:
        assert submitting.receipt(submission=made, actor=owner)
