"""The fonts of paper: a private set, so that the same report has the same bytes on every machine.

IBM Plex ships with the project (SIL Open Font Licence, beside the files). Other scripts come from
Noto where the operating system has it. Fonts are handed over as a folder and a configuration of
fontconfig rather than by @font-face, which would unpack them again for every report.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]

from apps.proof import hashes

SHIPPED = Path(__file__).resolve().parents[1] / "static" / "print" / "fonts"
SYSTEM = Path("/usr/share/fonts")
VARIABLE = "FONTCONFIG_FILE"
FALLBACKS = (
    "truetype/noto/NotoSans-Regular.ttf",
    "truetype/noto/NotoSans-Bold.ttf",
    "truetype/noto/NotoSansDevanagari-Regular.ttf",
    "truetype/noto/NotoSansDevanagari-Bold.ttf",
    "truetype/noto/NotoSansHebrew-Regular.ttf",
    "truetype/noto/NotoSansHebrew-Bold.ttf",
    "truetype/noto/NotoSansThai-Regular.ttf",
    "truetype/noto/NotoSansThai-Bold.ttf",
    "truetype/noto/NotoSansMath-Regular.ttf",
    "truetype/noto/NotoSansSymbols2-Regular.ttf",
    "opentype/noto/NotoSansCJK-Regular.ttc",
    "opentype/noto/NotoSansCJK-Bold.ttc",
)
CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{faces}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="same"><family>sans-serif</family><prefer>
    <family>IBM Plex Sans</family><family>IBM Plex Sans Arabic</family><family>Noto Sans</family>
  </prefer></alias>
  <alias binding="same"><family>Plex</family><prefer><family>IBM Plex Sans</family></prefer></alias>
  <alias binding="same"><family>monospace</family><prefer>
    <family>IBM Plex Mono</family><family>IBM Plex Sans</family>
  </prefer></alias>
  <config><rescan><int>0</int></rescan></config>
</fontconfig>
"""


@dataclass(frozen=True)
class FontSet:
    """The files that may draw a report, and the configuration that offers nothing else."""

    configuration: Path
    faces: tuple[Path, ...]

    @cached_property
    def digest(self) -> str:
        """Name the set by its files: two sets draw the same report with different bytes."""
        return hashes.of_value(
            {face.name: hashes.of_bytes(face.read_bytes()) for face in self.faces}
        )

    @cached_property
    def coverage(self) -> frozenset[int]:
        """Every character that at least one face can draw."""
        return frozenset(point for face in self.faces for point in _characters(face))

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Let fontconfig read this set while the renderer is loaded, and nothing after that."""
        environment = os.environ  # noqa: TID251 -- fontconfig can be told in no other way
        before = environment.get(VARIABLE)
        environment[VARIABLE] = str(self.configuration)
        try:
            yield
        finally:
            del environment[VARIABLE]
            if before is not None:
                environment[VARIABLE] = before


def prepare(folder: Path, *, system: Path = SYSTEM) -> FontSet:
    """Lay the set out under `folder`; calling it again, or from two processes, changes nothing."""
    places, cache = folder / "faces", folder / "cache"
    places.mkdir(parents=True, exist_ok=True)
    cache.mkdir(exist_ok=True)
    sources = sorted(SHIPPED.glob("*.ttf"))
    sources += [system / name for name in FALLBACKS if (system / name).is_file()]
    for old in set(places.iterdir()) - {places / source.name for source in sources}:
        old.unlink(missing_ok=True)
    for source in sources:
        _link(places / source.name, source)
    configuration = folder / "fonts.conf"
    _write(configuration, CONFIGURATION.format(faces=places, cache=cache))
    return FontSet(configuration, tuple(places / source.name for source in sources))


def _characters(face: Path) -> Iterator[int]:
    fonts = (
        TTCollection(face, lazy=True).fonts if face.suffix == ".ttc" else [TTFont(face, lazy=True)]
    )
    for font in fonts:
        yield from font.getBestCmap()
        font.close()


def _link(place: Path, source: Path) -> None:
    if place.is_symlink() and place.readlink() == source:
        return
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    draft.symlink_to(source)
    draft.replace(place)


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)
