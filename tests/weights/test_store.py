"""Where a pretrained file is looked for, and what is refused."""

import hashlib
import os
import re
from dataclasses import replace

import pytest

from spg_vton.errors import WeightsError
from spg_vton.weights import REGISTRY, find_entry, locate, sha256_of, store, weights_folder

CONTENT = b"weights"


@pytest.fixture
def entry(monkeypatch):
    """A registry entry whose file is seven bytes."""
    small = replace(
        REGISTRY["squeezenet"], file="small.bin", size=len(CONTENT), sha256=hashlib.sha256(CONTENT).hexdigest()
    )
    monkeypatch.setitem(REGISTRY, "squeezenet", small)
    return small


@pytest.fixture
def no_client(monkeypatch):
    def refuse(*arguments):
        raise AssertionError("the package client must not be asked")

    monkeypatch.setattr(store, "fetch_into", refuse)


def test_registry_is_complete():
    assert set(REGISTRY) == {"lpips-alex", "squeezenet", "vgg19", "openpose-mobilenet", "dlib-face"}
    for name, entry in REGISTRY.items():
        assert entry.name == name
        assert re.fullmatch(r"[0-9a-f]{64}", entry.sha256)
        assert re.fullmatch(r"[0-9a-f]{64}", entry.archive_sha256)
        assert re.fullmatch(r"\w+==[\d.]+", entry.requirement)
    assert len({entry.file for entry in REGISTRY.values()}) == len(REGISTRY)


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(WeightsError, match="lpips-alex"):
        find_entry("vgg16")


def test_folder_order(monkeypatch, tmp_path):
    monkeypatch.setenv("SPG_VTON_WEIGHTS", str(tmp_path))
    assert weights_folder() == tmp_path
    monkeypatch.delenv("SPG_VTON_WEIGHTS")
    assert weights_folder().name == "weights"


def test_explicit_path_comes_first(tmp_path, entry, no_client):
    explicit, folder = tmp_path / "mine.bin", tmp_path / "folder"
    folder.mkdir()
    explicit.write_bytes(CONTENT)
    (folder / entry.file).write_bytes(CONTENT)
    assert locate("squeezenet", explicit=explicit, folder=folder) == explicit
    assert locate("squeezenet", folder=folder) == folder / entry.file


def test_absent_explicit_path_is_an_error_and_not_a_fetch(tmp_path, entry, no_client):
    with pytest.raises(WeightsError, match=r"mine\.bin"):
        locate("squeezenet", explicit=tmp_path / "mine.bin")


@pytest.mark.parametrize("explicit", [True, False])
def test_wrong_hash_names_file_both_hashes_and_remedy(tmp_path, entry, no_client, explicit):
    path = tmp_path / entry.file
    path.write_bytes(b"damaged")
    with pytest.raises(WeightsError) as caught:
        locate("squeezenet", explicit=path if explicit else None, folder=tmp_path)
    message = str(caught.value)
    for part in (str(path), entry.sha256, hashlib.sha256(b"damaged").hexdigest(), "SPG_VTON_WEIGHTS"):
        assert part in message


def test_missing_file_without_fetching(tmp_path, entry, no_client):
    with pytest.raises(WeightsError, match="spg-vton weights fetch squeezenet"):
        locate("squeezenet", folder=tmp_path, fetch=False)


def test_missing_file_is_fetched_into_the_folder(tmp_path, entry, monkeypatch):
    asked = []
    monkeypatch.setattr(store, "fetch_into", lambda *arguments: asked.append(arguments) or tmp_path / "got")
    assert locate("squeezenet", folder=tmp_path) == tmp_path / "got"
    assert asked == [(entry, tmp_path)]


def test_hash_is_cached_until_the_file_changes(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"one")
    first = sha256_of(path)
    reads = []
    monkeypatch.setattr(hashlib, "file_digest", lambda *arguments: reads.append(1) or hashlib.sha256(b"two"))
    assert sha256_of(path) == first
    assert not reads
    path.write_bytes(b"two")
    os.utime(path, ns=(1, 1))
    assert sha256_of(path) == hashlib.sha256(b"two").hexdigest()
    assert reads
