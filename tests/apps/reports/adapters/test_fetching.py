"""Nothing a page asks for is fetched; WeasyPrint's own fetcher is the control."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from apps.reports.adapters.fetching import Images, NotOurs
from apps.reports.adapters.rendering import RenderRefused

MARKER = "marker-of-a-local-file-7c1f"
# Each reaches out on its own with WeasyPrint's default fetcher; {url} is a listening server.
REACHING = {
    "image": '<img src="{url}/a" alt="x">',
    "picture of an object": '<object data="{url}/b"></object>',
    "embed": '<embed src="{url}/c">',
    "style sheet": '<link rel="stylesheet" href="{url}/d.css">',
    "style import": '<style>@import url("{url}/e.css");</style>',
    "background": '<p style="background: url({url}/f)">x</p>',
    "background in a style": '<style>p {{ background: url("{url}/g") }}</style><p>x</p>',
    "list marker": '<ul style="list-style-image: url({url}/h)"><li>x</ul>',
    "generated content": '<style>p::before {{ content: url("{url}/i") }}</style><p>x</p>',
    "border": '<p style="border: 9px solid; border-image-source: url({url}/j)">x</p>',
    "font": '<style>@font-face {{ font-family: F; src: url("{url}/k") }}</style><p style="font-family: F">x</p>',
    "page background": '<style>@page {{ background: url("{url}/l") }}</style>',
    "drawing in a drawing": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{url}/m" width="9" height="9"/></svg>',
    "attachment": '<link rel="attachment" href="{url}/o" title="x">',
    "attached link": '<a rel="attachment" href="{url}/p">x</a>',
}
ELSEWHERE = {
    "file": '<img src="file://{file}" alt="x">',
    "file as attachment": '<link rel="attachment" href="file://{file}" title="x">',
    "file as style sheet": '<link rel="stylesheet" href="file://{file}">',
    "data": '<img src="data:image/png;base64,iVBORw0KGgo=" alt="x">',
    "ftp": '<img src="ftp://127.0.0.1:1/x" alt="x">',
    "another image of ours": '<img src="cceval:unknown" alt="x">',
    "another image by base": '<base href="file:///"><img src="etc/passwd" alt="x">',
}


class Listener(ThreadingHTTPServer):
    """Counts whoever comes; redirects nobody anywhere."""

    def __init__(self):
        self.asked = []
        super().__init__(("127.0.0.1", 0), Counted)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Counted(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def listener():
    server = Listener()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def local(tmp_path):
    file = tmp_path / "secret.txt"
    file.write_text(MARKER)
    return file


@pytest.mark.parametrize("vector", REACHING)
def test_a_page_reaches_nobody_and_is_refused(renderer, sheet, listener, vector):
    body = REACHING[vector].format(url=listener.url)
    with pytest.raises(RenderRefused, match=r"not one of its images|cannot be drawn"):
        renderer.render(sheet(body))
    assert listener.asked == []


@pytest.mark.parametrize("vector", ELSEWHERE)
def test_no_file_and_no_foreign_name_gets_into_a_page(renderer, sheet, local, vector):
    with pytest.raises(RenderRefused, match="not one of its images"):
        renderer.render(sheet(ELSEWHERE[vector].format(file=local)))


def test_a_drawing_of_ours_that_asks_for_more_is_refused(renderer, sheet, listener):
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>x</title>'
        f'<image href="{listener.url}/inner" width="9" height="9"/></svg>'
    )
    with pytest.raises(RenderRefused):
        renderer.render(
            sheet('<img src="cceval:chart" alt="x">', images={"chart": drawing.encode()})
        )
    assert listener.asked == []


def test_a_drawing_with_entities_is_refused_and_reads_no_file(renderer, sheet, local):
    drawing = (
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{local}">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 9"><title>x</title>'
        "<text>&x;</text></svg>"
    )
    with pytest.raises(RenderRefused, match="cannot be drawn"):
        renderer.render(
            sheet('<img src="cceval:chart" alt="x">', images={"chart": drawing.encode()})
        )


def test_the_refusal_comes_back_from_the_child_as_well(renderer, sheet, listener):
    with pytest.raises(RenderRefused, match="not one of its images"):
        renderer.render_limited(sheet(f'<img src="{listener.url}/a" alt="x">'))
    assert listener.asked == []


def test_the_default_fetcher_would_have_reached_out(renderer, listener, local):
    """The control: without our fetcher these vectors do leak, so the tests above can fail."""
    from weasyprint import HTML

    body = "".join(REACHING.values()).format(url=listener.url)
    body += ELSEWHERE["file as attachment"].format(file=local)
    pdf = HTML(string=f'<html lang="en"><title>x</title>{body}').write_pdf(uncompressed_pdf=True)
    asked = {path[1] for path in listener.asked}
    assert len(asked) == len(REACHING), sorted(asked)
    assert MARKER.encode() in pdf


def test_an_image_is_found_by_its_exact_name_only():
    images = Images({"chart": b"<svg/>"})
    assert images.find("cceval:chart") == b"<svg/>"
    for address in ("cceval:other", "CCEVAL:chart", "chart", "https://x/cceval:chart", ""):
        with pytest.raises(NotOurs) as refusal:
            images.find(address)
        assert refusal.value.address == address
    assert len(images.refused) == 5
