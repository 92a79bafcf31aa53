"""Files handed to a browser."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(name: str, content: bytes, *, kind: str = "application/octet-stream") -> HttpResponse:
    """Send a file to be saved, never to be shown or run by the browser."""
    response = HttpResponse(content, content_type=kind)
    header = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = header or "attachment"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
