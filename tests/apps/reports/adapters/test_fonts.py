import subprocess

from apps.reports.adapters import fonts


def test_the_set_is_plex_first_and_names_its_files(font_set):
    names = [face.name for face in font_set.faces]
    assert names[:6] == [
        "IBMPlexMono-Regular.ttf",
        "IBMPlexSans-Medium.ttf",
        "IBMPlexSans-Regular.ttf",
        "IBMPlexSans-SemiBold.ttf",
        "IBMPlexSansArabic-Regular.ttf",
        "IBMPlexSansArabic-SemiBold.ttf",
    ]


def test_the_licence_lies_beside_the_fonts():
    licence = (fonts.SHIPPED / "LICENSE-OFL-ibm-plex.txt").read_text()
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_fontconfig_sees_this_set_and_nothing_else(font_set):
    listed = subprocess.run(
        ["fc-list", "--format", "%{file}\n"],
        env={"FONTCONFIG_FILE": str(font_set.configuration), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(listed.stdout.split()) == {str(face) for face in font_set.faces}


def test_shipped_fonts_alone_draw_european_latin_and_arabic(tmp_path):
    alone = fonts.prepare(tmp_path / "set", system=tmp_path / "no-system-fonts")
    assert len(alone.faces) == 6
    assert {ord(letter) for letter in "aZ09€ŁőřżÅßéم"} <= alone.coverage


def test_preparing_again_changes_nothing_and_removes_what_is_old(tmp_path):
    first = fonts.prepare(tmp_path)
    links = {face: face.lstat().st_mtime_ns for face in first.faces}
    (tmp_path / "faces" / "Old.ttf").write_bytes(b"old")
    again = fonts.prepare(tmp_path)
    assert {face: face.lstat().st_mtime_ns for face in again.faces} == links
    assert not (tmp_path / "faces" / "Old.ttf").exists()
    assert again.digest == first.digest


def test_another_set_has_another_name(tmp_path, font_set):
    alone = fonts.prepare(tmp_path, system=tmp_path / "no-system-fonts")
    assert alone.digest != font_set.digest


def test_the_environment_is_as_before_after_use(font_set, monkeypatch):
    monkeypatch.setenv(fonts.VARIABLE, "/etc/fonts/fonts.conf")
    with font_set.in_use():
        assert seen() == str(font_set.configuration)
    assert seen() == "/etc/fonts/fonts.conf"
    monkeypatch.delenv(fonts.VARIABLE)
    with font_set.in_use():
        assert seen() == str(font_set.configuration)
    assert seen() is None


def seen():
    import os  # noqa: PLC0415

    return os.environ.get(fonts.VARIABLE)  # noqa: TID251 -- what a library would read
