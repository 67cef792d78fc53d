"""Time stamps: worth having, never worth waiting for."""

import shlex
import socket
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from generation.label import seal
from generation.label.certificates import to_pem
from generation.label.chain import Ours, read_ours
from generation.label.checking import Verdict, check_signing
from generation.label.command import CommandFailed
from generation.label.kinds import Kind
from generation.label.manifest import Facts
from generation.label.reading import State, read_manifest
from generation.label.seal import open_signer, sign_picture
from tests.fakes.authority import OPENSSL, Authority, stamper, tsa
from tests.generation.label.test_chain import signs_with
from tests.generation.label.test_seal import as_file

ROOT = Path(__file__).parents[3]
FACTS = Facts("a1b2", Kind.GENERATED, "Goth", date(2026, 11, 22))
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Openssl may be slow to start; tests of the limit set their own."""
    monkeypatch.setattr(seal, "TSA_S", 30.0)


@needs_openssl
def test_a_stamped_picture_says_when_and_is_not_much_larger(tmp_path, authority):
    with tsa(stamper(tmp_path, authority)) as clock:
        signing = authority.signing(tmp_path / "operator", authority.certify(), tsa_url=clock.url)
        signed = sign_picture(as_file("JPEG"), FACTS, open_signer(signing))
        assert [finding.verdict for finding in check_signing(signing)] == [Verdict.FINE]
    assert signed.timestamped
    assert len(signed.data) - len(as_file("JPEG")) <= 15_000
    read = read_manifest(signed.data, read_ours(signing.folder))
    assert (read.state, read.facts) == (State.INTACT, FACTS)
    assert abs(datetime.fromisoformat(read.timestamp) - datetime.now(UTC)) < timedelta(minutes=1)


@needs_openssl
def test_a_stamp_outlives_the_certificate_for_who_knows_the_clocks_root(tmp_path, authority):
    operator = authority.certify(until=datetime.now(UTC) + timedelta(seconds=4))
    with tsa(stamper(tmp_path, authority)) as clock:
        signing = authority.signing(tmp_path / "operator", operator, tsa_url=clock.url)
        signer = open_signer(signing)
        stamped = sign_picture(as_file("JPEG"), FACTS, signer)
    bare = sign_picture(as_file("JPEG"), FACTS, open_signer(authority.signing(tmp_path / "operator", operator)))
    assert (stamped.timestamped, bare.timestamped) == (True, False)
    time.sleep(max((operator.certificate.not_valid_after_utc - datetime.now(UTC)).total_seconds(), 0) + 1.1)
    ours = Ours(to_pem(authority.root.certificate), read_ours(signing.folder).serials)
    assert read_manifest(stamped.data, ours).state is State.INTACT
    assert read_manifest(bare.data, ours).intact is False


@needs_openssl
def test_a_command_signs_with_a_stamp_too(tmp_path, authority):
    operator = authority.certify()
    key = authority.signing(tmp_path / "key", operator).key_file
    with tsa(stamper(tmp_path, authority)) as clock:
        signing = authority.signing(tmp_path / "command", operator, command=signs_with(key), tsa_url=clock.url)
        signed = sign_picture(as_file("JPEG"), FACTS, open_signer(signing))
    assert signed.timestamped
    assert read_manifest(signed.data, read_ours(signing.folder)).state is State.INTACT


def test_a_command_that_fails_is_not_blamed_on_the_authority(tmp_path, authority):
    operator = authority.certify()
    works = shlex.join(signs_with(authority.signing(tmp_path / "key", operator).key_file))
    broken = tmp_path / "broken"
    broken.touch()
    command = ("sh", "-c", f"test ! -e {shlex.quote(str(broken))} || exit 7; {works}")
    with tsa(lambda query: (500, b"")) as clock:
        signing = authority.signing(tmp_path / "command", operator, command=command, tsa_url=clock.url)
        signer = open_signer(signing)
        with pytest.raises(CommandFailed, match="status 7"):
            sign_picture(as_file("JPEG"), FACTS, signer)
        broken.unlink()
        assert not sign_picture(as_file("JPEG"), FACTS, signer).timestamped
        assert clock.asked == 1


def remembers(answer):
    """The stamp of an earlier picture, for every picture."""
    first = []

    def repeat(query):
        first.extend([] if first else [answer(query)])
        return first[0]

    return repeat


LIES = {
    "garbage": lambda answer: lambda query: (200, b"\x30\x82garbage"),
    "nothing": lambda answer: lambda query: (200, b""),
    "an error": lambda answer: lambda query: (500, b""),
    "refused": lambda answer: lambda query: (200, bytes.fromhex("30053003020102")),  # status: rejection
    "too much": lambda answer: lambda query: (200, b"\x30" * 3_000_000),
    "another picture's": remembers,
}


@needs_openssl
@pytest.mark.parametrize("lie", LIES)
def test_an_authority_that_lies_costs_the_stamp_and_not_the_picture(tmp_path, authority, lie):
    with tsa(LIES[lie](stamper(tmp_path, authority))) as clock:
        signing = authority.signing(tmp_path / "operator", authority.certify(), tsa_url=clock.url)
        signer = open_signer(signing)
        signed = [sign_picture(as_file("JPEG", quality=quality), FACTS, signer) for quality in (80, 81, 82)]
        expected = lie == "another picture's"  # true the first time
        assert [one.timestamped for one in signed] == [expected, False, False]
        assert clock.asked == 1 + expected, "it is left alone for a while"
    ours = read_ours(signing.folder)
    assert {read_manifest(one.data, ours).state for one in signed} == {State.INTACT}


def test_an_authority_that_is_not_there_is_told(tmp_path, authority):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    signing = authority.signing(tmp_path, authority.certify(), tsa_url=url)
    assert not sign_picture(as_file("JPEG"), FACTS, open_signer(signing)).timestamped
    fine, note = check_signing(signing)
    assert (fine.verdict, note.verdict) == (Verdict.FINE, Verdict.NOTE)
    assert url in note.what
    nonsense = authority.signing(tmp_path, authority.certify(), tsa_url="clock.example")
    (broken,) = check_signing(nonsense)
    assert broken.verdict is Verdict.BROKEN
    assert broken.what.endswith("clock.example")


def test_an_authority_that_hangs_is_waited_for_and_then_left_alone_for_a_while(tmp_path, authority, monkeypatch):
    monkeypatch.setattr(seal, "TSA_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        signing = authority.signing(tmp_path, authority.certify(), tsa_url=url)
        signer = open_signer(signing)
        waited = []
        for later_s in (0, 0, 601):
            monkeypatch.setattr(seal, "monotonic", lambda later_s=later_s: time.monotonic() + later_s)
            started = time.monotonic()
            signed = sign_picture(as_file("JPEG"), FACTS, signer)
            waited.append(time.monotonic() - started)
            assert not signed.timestamped
            assert read_manifest(signed.data, read_ours(signing.folder)).state is State.INTACT
        assert min(waited[0], waited[2]) >= 0.5
        assert max(waited) < 10
        assert waited[1] < 0.5, "left alone"


def test_a_process_ends_while_an_authority_still_hangs(tmp_path, authority):
    code = (
        "import sys; from pathlib import Path; from generation.label import seal; from generation.label.checking "
        "import WHITE_PIXEL; from tests.generation.label.test_timestamps import FACTS; from generation.label.signing "
        "import Signing; seal.TSA_S = 0.2; signer = seal.open_signer(Signing(Path(sys.argv[1]), tsa_url=sys.argv[2]));"
        "print(seal.sign_picture(WHITE_PIXEL, FACTS, signer).timestamped)"
    )
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        command = [sys.executable, "-c", code, str(tmp_path), url]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "False", "")
