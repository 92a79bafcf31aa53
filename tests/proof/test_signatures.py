"""Every forgery of a signed report that can be built here is refused."""
# ruff: noqa: TID253 -- forgeries are made with the writer of the library under test

import io
import re
import sys
from dataclasses import replace

import pypdf
import pytest
from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata

from apps.proof import hashes, signatures
from apps.proof.errors import LibraryMissing, SigningRefused
from apps.proof.signatures import State, check
from tests.proof.conftest import AT, prepare

CONTENTS = re.compile(rb"/Contents <([0-9A-F]+)>")


@pytest.fixture
def pinned(signer):
    return {signer.fingerprint}


def appended(pdf, change):
    """The file with a revision added after the signature."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def flipped(pdf, place):
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def spans(pdf):
    """Where the digits of the signature stand in the file, and where the zeros after them."""
    gap = CONTENTS.search(pdf)
    length = 2 * len(cms.ContentInfo.load(bytes.fromhex(gap[1].decode())).dump())
    return range(gap.start(1), gap.start(1) + length), range(gap.start(1) + length, gap.end(1))


def test_what_we_sign_is_ours_and_whole(signed, signer, pinned):
    answer = check(signed, pinned=pinned)
    assert answer.state is State.OURS
    assert (answer.intact, answer.whole_file, answer.signatures) == (True, True, 1)
    assert answer.fingerprint == signer.fingerprint
    assert answer.signer == "Halden Energy report signer 2026"
    assert answer.claimed_at == AT
    assert answer.digest == hashes.of_bytes(signed)


def test_the_signature_certifies_and_allows_no_changes(signed):
    signature = PdfFileReader(io.BytesIO(signed)).embedded_signatures[0]
    reference = signature.sig_object["/Reference"][0]
    assert reference["/TransformMethod"] == "/DocMDP"
    assert reference["/TransformParams"]["/P"] == 1
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.md_algorithm == "sha256"
    assert signature.field_name == signatures.FIELD


def test_the_file_stays_pdf_1_7_as_pdf_a_3_asks(signed):
    assert PdfFileReader(io.BytesIO(signed)).input_version == (1, 7)


def test_attachments_come_back_as_they_went_in(signed, record):
    assert signatures.attachments(signed)["callback.record.json"] == record


def test_a_pdf_without_a_prepared_field_is_not_signed(signer, signed):
    bare = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(bare)
    for pdf in (bare.getvalue(), signed, b"no PDF at all"):
        with pytest.raises(SigningRefused, match="no empty signature field"):
            signatures.sign(pdf, signer=signer, at=AT, reason="Report issued")


def test_a_certificate_that_bears_our_name_is_foreign(prepared, impostor, pinned):
    forged = signatures.sign(prepared, signer=impostor, at=AT, reason="Report issued")
    answer = check(forged, pinned=pinned)
    assert answer.state is State.FOREIGN
    assert answer.signer == "Halden Energy report signer 2026"


def test_a_byte_changed_on_a_page_is_found(signed, pinned):
    answer = check(signed.replace(b"BT ET", b"BT EU", 1), pinned=pinned)
    assert answer.state is State.ALTERED


def test_no_flipped_bit_passes_outside_the_signature_itself(signed, pinned):
    container, _ = spans(signed)
    outside = [place for place in range(len(signed)) if place not in container]
    for place in outside[7 :: len(outside) // 300]:
        assert check(flipped(signed, place), pinned=pinned).state is not State.OURS, place


def test_no_bit_flipped_in_the_padding_of_the_signature_passes(signed, pinned):
    _, padding = spans(signed)
    for place in [padding.start, padding.start + 1, *padding[:: len(padding) // 40], padding[-1]]:
        assert check(flipped(signed, place), pinned=pinned).state is not State.OURS, place


def test_a_bit_flipped_inside_the_signature_changes_nothing_it_says(signed, pinned):
    """Some bits there are covered by nothing, such as a second name of the algorithm."""
    container, _ = spans(signed)
    good = check(signed, pinned=pinned)
    for place in container[::17]:
        answer = check(flipped(signed, place), pinned=pinned)
        if answer.state is State.OURS:
            assert answer == replace(good, digest=answer.digest)


def test_the_digits_of_a_signature_in_small_letters_are_not_as_we_write_them(signed, pinned):
    gap = CONTENTS.search(signed)
    small = signed[: gap.start(1)] + gap[1].lower() + signed[gap.end(1) :]
    assert check(small, pinned=pinned).state is State.RESAVED


def test_a_title_changed_in_an_added_revision_is_found(signed, pinned):
    def retitle(writer):
        title = generic.pdf_string("Award to somebody else")
        writer.set_info(
            writer.add_object(generic.DictionaryObject({generic.pdf_name("/Title"): title}))
        )

    answer = check(appended(signed, retitle), pinned=pinned)
    assert (answer.state, answer.intact) == (State.RESAVED, True)


def test_a_page_swapped_in_an_added_revision_is_found(signed, pinned):
    def swap(writer):
        page = writer.root["/Pages"]["/Kids"][0]
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT (Other) Tj ET"))
        writer.update_container(page)

    assert check(appended(signed, swap), pinned=pinned).state is State.RESAVED


def test_an_attachment_swapped_in_an_added_revision_is_found(signed, pinned):
    def swap(writer):
        entry = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
        stream = writer.add_object(generic.StreamObject(stream_data=b"{}"))
        entry["/EF"][generic.pdf_name("/F")] = stream
        writer.update_container(entry["/EF"])

    assert check(appended(signed, swap), pinned=pinned).state is State.RESAVED


@pytest.mark.parametrize(
    ("tail", "state"),
    [(b"\n", State.RESAVED), (b"\x00" * 9, State.RESAVED), (b"%%EOF\n", State.ALTERED)],
)
def test_bytes_after_the_end_are_found(signed, pinned, tail, state):
    """A second end mark makes the file unreadable to a strict reader; the rest is merely added."""
    assert check(signed + tail, pinned=pinned).state is state


def test_a_file_cut_short_is_refused(signed, pinned):
    assert check(signed[:-10], pinned=pinned).state is State.ALTERED


def test_a_file_written_again_by_another_program_is_found(signed, pinned):
    output = io.BytesIO()
    pypdf.PdfWriter(clone_from=io.BytesIO(signed)).write(output)
    assert check(output.getvalue(), pinned=pinned).state is State.ALTERED


def test_a_file_whose_signature_was_cut_off_is_unsigned(signed, prepared, pinned):
    assert signed.startswith(prepared)
    assert check(prepared, pinned=pinned).state is State.UNSIGNED


def test_a_byte_range_that_leaves_more_out_is_not_whole(signed, pinned):
    """The two stretches may not be moved, not even when the file is of the right length."""
    numbers = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", signed)
    first = numbers[0].replace(b"[0 ", b"[1 ")
    assert check(signed.replace(numbers[0], first), pinned=pinned).state is State.ALTERED


def test_two_signatures_are_never_ours(signer, impostor, pinned):
    """pyHanko refuses to sign a certified file again; a second field is signed by hand here."""

    def approve(pdf, by, field):
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        details = PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
        tool = signatures._dated_signer(details, by, AT)
        tool.new_field_spec = fields.SigFieldSpec(field, box=(10, 10, 50, 50))
        return bytes(tool.sign_pdf(writer).getvalue())

    ours_first = approve(approve(prepare({}), signer, "First"), impostor, "Second")
    theirs = approve(approve(prepare({}), impostor, "First"), impostor, "Second")
    assert check(ours_first, pinned=pinned).state is State.RESAVED
    assert check(theirs, pinned=pinned).state is State.FOREIGN
    assert check(ours_first, pinned=pinned).signatures == 2
    broken = ours_first.replace(b"BT ET", b"BT EU", 1)
    assert check(broken, pinned=pinned).state is State.ALTERED


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"<html>", b"\x00" * 100])
def test_what_is_no_pdf_is_unreadable(content, pinned):
    assert check(content, pinned=pinned).state is State.UNREADABLE


def test_a_broken_file_that_was_signed_is_altered(pinned):
    assert check(b"%PDF-1.7 /ByteRange [0 1 2 3]", pinned=pinned).state is State.ALTERED


def test_without_pyhanko_the_check_says_so(monkeypatch, signed, pinned):
    monkeypatch.setitem(sys.modules, "pyhanko.pdf_utils.reader", None)
    with pytest.raises(LibraryMissing, match="pyHanko is not installed"):
        check(signed, pinned=pinned)
