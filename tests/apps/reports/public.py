"""How the tests of the public pages ask and read."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

FRONT = reverse("reports:verify")


def at(report):
    return reverse("reports:verify_reference", args=[report.reference])


def post(client, content, address=FRONT, name="report.pdf"):
    return client.post(address, {"file": SimpleUploadedFile(name, content)})


def heading(answer):
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.DOTALL)
    return found[1].strip()


def flipped(pdf, place):
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
