"""Uploads to be verified: in memory alone, and larger than what vendors may attach."""

from django.utils.translation import gettext as _

from apps.core.errors import TooLarge
from apps.core.files import MemoryOnlyUploadHandler

LARGEST = 20 * 2**20


def too_large() -> str:
    return _("The file is larger than {limit} MB, so it is no report of ours.").format(
        limit=LARGEST // 2**20
    )


class ReportUploadHandler(MemoryOnlyUploadHandler):
    """Refuse a file as soon as it is larger than any report."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > LARGEST:
            raise TooLarge(too_large())
        self.buffer.write(raw_data)
