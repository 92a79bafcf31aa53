"""HTML text and our own images → PDF/A-3a and PDF/UA-1 in one file; the one door to WeasyPrint.

The same paper gives the same bytes: dates come from the data, the file's identifier from its
content, the fonts from a private set. Nothing is fetched and no file of the machine is read.
"""

import gc
import hashlib
import io
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from apps.proof import hashes
from apps.reports.adapters import limits, signature_field
from apps.reports.adapters.fetching import MEDIA_TYPE, Images, NotOurs
from apps.reports.adapters.fonts import FontSet
from apps.reports.adapters.wording import drawable

PRINT: Final = Path(__file__).resolve().parents[1] / "static" / "print"
MARK: Final = "mark"  # the image of the running header, on every report
VARIANT: Final = "pdf/a-3a"
UA_SCHEMA: Final = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


class RenderRefused(Exception):
    """The page cannot become a report: a fault in it, or an attempt to reach outside."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that travels inside the PDF: the frozen data a report was made from."""

    name: str
    content: bytes
    description: str


@dataclass(frozen=True, kw_only=True)
class Paper:
    """All that a PDF is made from. `images` are SVG drawings, used as `cceval:NAME`."""

    html: str
    images: Mapping[str, bytes]
    issued_at: datetime
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rendered:
    pdf: bytes
    pages: int

    @property
    def digest(self) -> str:
        return hashes.of_bytes(self.pdf)


class Renderer:
    """Fonts and style sheet, read once; keep one in each worker, made before any fork."""

    def __init__(self, fonts: FontSet) -> None:
        self.fonts = fonts
        with fonts.in_use():
            from weasyprint import CSS
            from weasyprint.text.fonts import FontConfiguration

            self._configuration = FontConfiguration()
        self._style = CSS(
            string=(PRINT / "print.css").read_text(),
            font_config=self._configuration,
            url_fetcher=_fetcher(Images({})),
        )

    def render(self, paper: Paper) -> Rendered:
        """Draw in this process. Use it only for paper that holds no stranger's text."""
        from weasyprint.urls import FatalURLFetchingError

        try:
            with _faults_refused():
                return self._draw(paper)
        except FatalURLFetchingError as error:
            raise RenderRefused(str(error)) from None

    def _draw(self, paper: Paper) -> Rendered:
        from weasyprint import HTML

        coverage = self.fonts.coverage
        drawings = {
            name: drawable(image.decode(), coverage) for name, image in paper.images.items()
        }
        images = Images({name: text.encode() for name, text in drawings.items()} | _mark())
        page = HTML(string=drawable(paper.html, coverage), url_fetcher=_fetcher(images))
        options = {
            "pdf_variant": VARIANT,
            "pdf_identifier": self._identifier(paper),
            "attachments": [_attached(one, paper.issued_at) for one in _sorted(paper.attachments)],
        }
        document = page.render(
            font_config=self._configuration, stylesheets=[self._style], **options
        )
        written = paper.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        document.metadata.created = document.metadata.modified = written
        pdf = document.write_pdf(finisher=_finish, **options)
        if images.refused:  # inside a drawing WeasyPrint survives even our fatal error
            raise RenderRefused(str(NotOurs(images.refused[0])))
        return Rendered(pdf=pdf, pages=len(document.pages))

    def render_limited(
        self,
        paper: Paper,
        *,
        bounds: limits.Limits = limits.RENDER,
        in_child: Callable[[], None] = lambda: None,
    ) -> Rendered:
        """Draw in a child that may use only so much time and memory.

        Raise RenderRefused where the page asks for what is not its own, LimitExceeded where it
        needs too much, ChildFailed for any other fault.
        """

        def work() -> limits.Result:
            gc.disable()  # the child ends soon; collecting costs a tenth of its time
            made = self.render(paper)
            return limits.Result(made.pdf, {"pages": made.pages})

        try:
            result = limits.run(work, limits=bounds, in_child=in_child)
        except limits.ChildFailed as failure:
            if failure.kind == RenderRefused.__name__:
                raise RenderRefused(str(failure)) from None
            raise
        return Rendered(pdf=result.body, pages=int(result.facts["pages"]))

    def _identifier(self, paper: Paper) -> bytes:
        parts = [self.fonts.digest, hashes.of_bytes(paper.html.encode())]
        parts += [
            f"{name} {hashes.of_bytes(image)}" for name, image in sorted(paper.images.items())
        ]
        parts += [
            f"{one.name} {hashes.of_bytes(one.content)}" for one in _sorted(paper.attachments)
        ]
        return hashlib.sha256("\n".join(parts).encode()).digest()[:16]


@contextmanager
def _faults_refused() -> Iterator[None]:
    """Turn an error that WeasyPrint only logs into a refusal.

    It draws on without an image it could not draw, and without the words that stand for one: a
    report would miss a chart, and nobody would know.
    """
    faults: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            faults.append(record.getMessage())

    collector, logger = Collector(logging.ERROR), logging.getLogger("weasyprint")
    silenced, logger.disabled = logger.disabled, False  # a logging set-up may have switched it off
    logger.addHandler(collector)
    try:
        yield
    finally:
        logger.removeHandler(collector)
        logger.disabled = silenced
    if faults:
        raise RenderRefused(f"A part of this report cannot be drawn: {faults[0][:200]}.")


def _fetcher(images: Images) -> Any:
    """Build WeasyPrint's fetcher over our images; anything else ends the render.

    It must inherit from URLFetcher: WeasyPrint 70 reads private fields of its fetcher. The fatal
    error inherits from BaseException, because WeasyPrint draws on after all others.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OnlyOurs(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        def fetch(self, url: str, _headers: Any = None) -> Any:
            try:
                body = images.find(url)
            except NotOurs as error:
                raise FatalURLFetchingError(str(error)) from None
            return URLFetcherResponse(url, body, {"Content-Type": MEDIA_TYPE})

    return OnlyOurs(timeout=1, allowed_protocols=("cceval",), allow_redirects=False)


def _attached(attachment: Attachment, at: datetime) -> Any:
    from weasyprint import Attachment as Attached

    moment = at.astimezone(UTC)
    return Attached(
        file_obj=io.BytesIO(attachment.content),
        name=attachment.name,
        description=attachment.description,
        created=moment,
        modified=moment,
        relationship="Data",
        url_fetcher=_fetcher(Images({})),
    )


def _sorted(attachments: tuple[Attachment, ...]) -> list[Attachment]:
    """Order by name, as the name tree of a PDF must be."""
    return sorted(attachments, key=lambda attachment: attachment.name)


def _mark() -> dict[str, bytes]:
    return {MARK: (PRINT / "mark.svg").read_bytes()}


def _finish(document: Any, pdf: Any) -> None:
    _identify_accessibility(pdf)
    signature_field.add(document, pdf)


def _identify_accessibility(pdf: Any) -> None:
    """Say PDF/UA-1 in the metadata as well, inside its one RDF element: two would be no XMP."""
    packet = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    whole = b"".join(piece if isinstance(piece, bytes) else piece.data for piece in packet.stream)
    head, tail = whole.rsplit(b"</rdf:RDF>", 1)
    packet.stream = [head + UA_SCHEMA + b"</rdf:RDF>" + tail]
    packet.compress = False  # archives read this without unpacking the file
