"""A demo that was stopped while it loaded begins anew; what it did not make stays."""

import os

from cceval.local import __main__ as local
from cceval.local import stack
from cceval.local.stack import cluster_folder


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def test_a_folder_that_was_empty_is_marked_until_the_case_is_loaded(tmp_path):
    (tmp_path / "lock").touch()
    local._loading(tmp_path)
    assert names(tmp_path) == ["loading", "lock"]


def test_a_folder_that_was_deleted_leaves_no_database_behind(tmp_path, monkeypatch):
    cluster = tmp_path / "elsewhere"
    (cluster / "data").mkdir(parents=True)
    monkeypatch.setattr(stack, "cluster_folder", lambda _folder: cluster)
    folder = tmp_path / "var"
    folder.mkdir()
    local._loading(folder)
    assert not cluster.exists()


def test_an_interrupted_load_is_taken_away_with_its_database(tmp_path, monkeypatch, capsys):
    # As somebody who is not root, so that the cluster lies in the folder and nowhere else.
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    (tmp_path / "lock").touch()
    local._loading(tmp_path)
    (tmp_path / "secret").write_text("x")
    cluster = cluster_folder(tmp_path)
    (cluster / "data").mkdir(parents=True)
    local._loading(tmp_path)
    assert names(tmp_path) == ["loading", "lock"]
    assert not cluster.exists()
    assert "begins anew" in capsys.readouterr().out


def test_a_folder_with_something_in_it_is_never_cleared(tmp_path):
    (tmp_path / "holiday.jpg").touch()
    local._loading(tmp_path)
    local._loading(tmp_path)
    assert names(tmp_path) == ["holiday.jpg"]
