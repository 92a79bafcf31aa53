import threading

import pytest

from apps.core import keystore
from apps.proof.errors import NotAuthentic


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.KEY_STORE = tmp_path / "keys"
    return settings.KEY_STORE


def test_what_is_encrypted_comes_back_in_its_own_context_alone():
    keystore.create("service")
    sealed = keystore.encrypt("service", b"price 41", {"kind": "answer", "bid": "1"})
    assert b"price" not in sealed
    assert keystore.decrypt("service", sealed, {"kind": "answer", "bid": "1"}) == b"price 41"
    with pytest.raises(NotAuthentic):
        keystore.decrypt("service", sealed, {"kind": "answer", "bid": "2"})


def test_another_installation_cannot_read_it(settings):
    keystore.create("service")
    sealed = keystore.encrypt("service", b"price 41", {"kind": "answer", "bid": "1"})
    settings.ENVIRONMENT = "staging"
    with pytest.raises(NotAuthentic):
        keystore.decrypt("service", sealed, {"kind": "answer", "bid": "1"})


def test_a_key_is_made_once_and_kept_private(folder):
    keystore.create("service")
    first = (folder / "service").read_bytes()
    keystore.create("service")
    assert (folder / "service").read_bytes() == first
    assert (folder / "service").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in folder.iterdir()] == ["service"]


def test_a_destroyed_key_is_gone():
    keystore.create("service")
    keystore.destroy("service")
    assert not keystore.exists("service")
    with pytest.raises(FileNotFoundError):
        keystore.encrypt("service", b"x", {"kind": "answer"})


def test_a_name_cannot_leave_the_folder():
    with pytest.raises(ValueError, match="not the name of a key"):
        keystore.create("../outside")


def test_several_who_destroy_a_key_at_once_do_not_trip_over_one_another():
    """The request that submitted and the job that it promised may come together."""
    for round_ in range(50):
        keystore.create("service")
        start, faults = threading.Barrier(4), []

        def destroy(start=start, faults=faults):
            start.wait(10)
            try:
                keystore.destroy("service")
            except OSError as fault:
                faults.append(fault)

        threads = [threading.Thread(target=destroy) for _thread in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert faults == [], round_
        assert not keystore.exists("service")
