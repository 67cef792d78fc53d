"""The chain pictures are signed with: made once, renewed in time, or the operator's own, looked at before its use."""

import os
import shlex
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519

from generation.label.certificates import Chain, issue, key_to_pem, to_pem
from generation.label.chain import LIFE, RENEWED, find_credentials, read_ours
from generation.label.checking import Verdict, check_signing
from generation.label.kinds import Kind
from generation.label.manifest import Facts
from generation.label.reading import State, read_manifest
from generation.label.seal import open_signer, sign_picture
from generation.label.signing import EKUS, Signing, SigningUnusable
from tests.fakes.authority import NOW, YEAR, Authority
from tests.generation.label.test_seal import as_file

ROOT = Path(__file__).parents[3]
FACTS = Facts("a1b2", Kind.ENHANCED, "Goth", date(2026, 11, 22))


@pytest.fixture(scope="module")
def authority():
    return Authority()


def sign_and_read(signing):
    signer = open_signer(signing)
    return read_manifest(sign_picture(as_file("JPEG"), FACTS, signer).data, read_ours(signing.folder))


def broken(signing, now=None):
    found = check_signing(signing, now)
    assert all(finding.verdict is Verdict.BROKEN for finding in found), found
    return " ".join(finding.what for finding in found)


def test_the_first_start_makes_a_chain_for_us_alone(tmp_path):
    folder = tmp_path / "new" / "signing"
    assert sign_and_read(Signing(folder)).state is State.INTACT
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sum(file.read_text().count("PRIVATE KEY-----") for file in files) == 2, "one key: the signer's"
    before = {file: file.read_bytes() for file in files}
    assert sign_and_read(Signing(folder)).state is State.INTACT
    assert {file: file.read_bytes() for file in files} == before


def test_two_processes_at_once_agree_on_one_chain(tmp_path):
    code = (
        "import sys; from pathlib import Path; from generation.label.seal import open_signer;"
        "from generation.label.signing import Signing; sys.stdin.read(1); open_signer(Signing(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "signing")]
    processes = [subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) for _ in range(3)]
    time.sleep(0.3)  # all of them have loaded, more or less, and wait for a byte
    for process in processes:
        process.communicate(b"!", 30)
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(file.name for file in (tmp_path / "signing").iterdir()) == ["development-1.pem", "signed-with"]
    assert len(list((tmp_path / "signing" / "signed-with").iterdir())) == 1


def test_whoever_is_second_takes_the_firsts_chain(tmp_path):
    for number in range(5):
        start = threading.Barrier(6)

        def find(folder=tmp_path / str(number), start=start):
            start.wait()
            return find_credentials(Signing(folder)).chain.pem

        with ThreadPoolExecutor(6) as threads:
            found = {future.result() for future in [threads.submit(find) for _ in range(6)]}
        assert len(found) == 1


def test_the_chain_is_renewed_before_it_expires_and_what_it_signed_stays_ours(tmp_path):
    signing = Signing(tmp_path)
    old = find_credentials(signing, NOW - LIFE + RENEWED + timedelta(hours=12))
    assert find_credentials(signing, NOW).chain == old.chain
    signed = sign_picture(as_file("JPEG"), FACTS, open_signer(signing)).data
    new = find_credentials(signing, NOW + timedelta(hours=18))
    assert new.chain != old.chain
    assert new.chain.leaf.not_valid_after_utc > NOW + LIFE
    assert find_credentials(signing).chain == new.chain
    assert sign_and_read(signing).state is State.INTACT
    assert read_manifest(signed, read_ours(tmp_path)).state is State.INTACT


def test_a_damaged_chain_is_said_and_not_replaced(tmp_path):
    open_signer(Signing(tmp_path))
    (tmp_path / "development-1.pem").write_text("-----BEGIN PRIVATE KEY-----\nhalf")
    assert "development-1.pem holds no certificates" in broken(Signing(tmp_path))
    assert [file.name for file in tmp_path.glob("*.pem")] == ["development-1.pem"]


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SigningUnusable, match="cannot be written to"):
        open_signer(Signing(tmp_path / "file" / "signing"))


@pytest.mark.parametrize("eku", EKUS)
def test_an_operators_chain_signs_by_key_and_by_command(tmp_path, authority, eku):
    operator = authority.certify([eku])
    by_key = authority.signing(tmp_path / "key", operator)
    assert sign_and_read(by_key).facts == FACTS
    by_command = authority.signing(tmp_path / "command", operator, command=signs_with(by_key.key_file))
    assert sign_and_read(by_command).facts == FACTS
    for signing in (by_key, by_command):
        found = check_signing(signing)
        assert [finding.verdict for finding in found] == [Verdict.NOTE, Verdict.FINE], found
        assert "time-stamping" in found[0].what


def signs_with(key, how="ec.ECDSA(hashes.SHA256())"):
    code = f"""
import sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
key = serialization.load_pem_private_key(open({str(key)!r}, "rb").read(), None)
sys.stdout.buffer.write(key.sign(*[sys.stdin.buffer.read(), {how}]))
"""
    return (sys.executable, "-c", code)


KEYS = {
    "ES384": (lambda: ec.generate_private_key(ec.SECP384R1()), "ec.ECDSA(hashes.SHA384())"),
    "ES512": (lambda: ec.generate_private_key(ec.SECP521R1()), "ec.ECDSA(hashes.SHA512())"),
    "ED25519": (ed25519.Ed25519PrivateKey.generate, ""),
    "PS256": (lambda: rsa.generate_private_key(65537, 2048), "PSS(MGF1(hashes.SHA256()), 32), hashes.SHA256()"),
}


@pytest.mark.parametrize("algorithm", KEYS)
def test_an_operators_key_may_be_of_any_kind_that_c2pa_knows(tmp_path, authority, algorithm):
    make, how = KEYS[algorithm]
    operator = authority.certify(key=make())
    by_key = authority.signing(tmp_path / "key", operator)
    assert sign_and_read(by_key).facts == FACTS
    command = signs_with(by_key.key_file, how)
    assert sign_and_read(authority.signing(tmp_path / "command", operator, command=command)).facts == FACTS


def test_other_kinds_of_keys_are_said(tmp_path, authority):
    for number, key in enumerate((ec.generate_private_key(ec.SECP256K1()), rsa.generate_private_key(65537, 1024))):
        assert "Use ES256" in broken(authority.signing(tmp_path / str(number), authority.certify(key=key)))


def test_a_key_that_others_may_read_is_said(tmp_path, authority):
    signing = authority.signing(tmp_path, authority.certify())
    signing.key_file.chmod(0o644)
    assert any("chmod 600" in finding.what for finding in check_signing(signing))


def test_others_of_the_same_authority_are_not_us(tmp_path, authority):
    us, them = (authority.signing(tmp_path / name, authority.certify()) for name in "ab")
    theirs = sign_picture(as_file("JPEG"), FACTS, open_signer(them)).data
    open_signer(us)
    assert read_manifest(theirs, read_ours(us.folder)).state is State.OTHERS


BAD_COMMANDS = {
    "echo no token >&2; exit 3": "failed with status 3: no token",
    "echo garbage": "is no signature",
    "true": "is no signature",
    "cat": "is no signature",
}


@pytest.mark.parametrize("script", BAD_COMMANDS)
def test_a_command_that_fails_or_babbles_is_said(tmp_path, authority, script):
    signing = authority.signing(tmp_path, authority.certify(), command=("sh", "-c", script))
    assert BAD_COMMANDS[script] in broken(signing)
    with pytest.raises(SigningUnusable, match=BAD_COMMANDS[script]):
        sign_picture(as_file("JPEG"), FACTS, open_signer(signing))


def test_a_command_that_hangs_is_ended_with_all_its_children(tmp_path, authority, monkeypatch):
    monkeypatch.setattr("generation.label.command.COMMAND_S", 0.3)
    script = f"sleep 60 & echo $! > {shlex.quote(str(tmp_path / 'child'))}; wait"
    signing = authority.signing(tmp_path / "signing", authority.certify(), command=("sh", "-c", script))
    started = time.monotonic()
    assert "gave no answer within" in broken(signing)
    assert time.monotonic() - started < 10
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not alive(child):
            break
        time.sleep(0.02)
    assert not alive(child)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_command_that_is_not_there_is_said(tmp_path, authority):
    signing = authority.signing(tmp_path, authority.certify(), command=("/nowhere/sign",))
    assert "/nowhere/sign cannot be run" in broken(signing)


def test_what_does_not_go_together_is_said(tmp_path, authority):
    signing = authority.signing(tmp_path, authority.certify())
    assert "needs either a key file or a command" in broken(Signing(tmp_path, signing.chain_file))
    both = Signing(tmp_path, signing.chain_file, signing.key_file, ("true",))
    assert "needs either a key file or a command" in broken(both)
    assert "no chain of certificates" in broken(Signing(tmp_path, key_file=signing.key_file))
    assert "no chain of certificates" in broken(Signing(tmp_path, command=("true",)))
    assert "cannot be read" in broken(Signing(tmp_path, tmp_path / "none.pem", signing.key_file))


def test_another_certificates_key_is_said(tmp_path, authority):
    signing = authority.signing(tmp_path, authority.certify())
    signing.key_file.write_text(key_to_pem(authority.certify().key))
    assert "does not belong to the first certificate" in broken(signing)
    signing.key_file.write_text(key_to_pem(x25519.X25519PrivateKey.generate()))
    assert "a kind of key that C2PA does not know" in broken(signing)
    signing.key_file.write_text("no key")
    assert "holds no private key" in broken(signing)
    signing.chain_file.write_text("no certificate")
    assert "holds no certificates" in broken(signing)


def test_a_locked_key_is_said(tmp_path, authority):
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    signing = authority.signing(tmp_path, authority.certify())
    locked = ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")
    )
    signing.key_file.write_bytes(locked)
    assert "locked by a password" in broken(signing)


def test_a_certificate_that_readers_would_refuse_is_said_and_never_used(tmp_path, authority):
    day = timedelta(days=1)
    cases = {
        "expired on": authority.certify(since=NOW - 9 * day, until=NOW - day),
        "begins on": authority.certify(since=NOW + day),
        "not meant for signing documents": authority.certify(ekus=["1.3.6.1.5.5.7.3.1"]),
        "extended key usage has none of": authority.certify(ekus=[]),
    }
    for number, (said, operator) in enumerate(cases.items()):
        signing = authority.signing(tmp_path / str(number), operator)
        assert said in broken(signing)
        with pytest.raises(SigningUnusable, match=said):
            open_signer(signing)


def test_a_chain_in_disorder_or_without_an_authority_is_said(tmp_path, authority):
    operator = authority.certify()
    signing = authority.signing(tmp_path, operator)
    stranger = issue("A stranger", until=NOW + YEAR, authority=True)
    signing.chain_file.write_text(to_pem(operator.certificate) + to_pem(stranger.certificate))
    assert "did not sign it" in broken(signing)
    signing.chain_file.write_text(to_pem(operator.certificate))
    assert "add the certificate of the authority" in broken(signing)
    alone = issue("Alone", until=NOW + YEAR, ekus=EKUS[:1])
    signing.chain_file.write_text(to_pem(alone.certificate))
    signing.key_file.write_text(key_to_pem(alone.key))
    assert "signed by itself" in broken(signing)


def test_the_doctor_warns_thirty_days_before(tmp_path, authority):
    signing = authority.signing(tmp_path, authority.certify(until=NOW + timedelta(days=29, hours=1)))
    assert any("in 29 days" in finding.what for finding in check_signing(signing) if finding.verdict is Verdict.NOTE)
    later = authority.signing(tmp_path, authority.certify(until=NOW + timedelta(days=31)))
    assert not any("days" in finding.what for finding in check_signing(later))


def test_the_doctor_says_that_the_bots_own_key_is_on_no_list(tmp_path):
    note, fine = check_signing(Signing(tmp_path))
    assert (note.verdict, fine.verdict) == (Verdict.NOTE, Verdict.FINE)
    assert "no public trust list" in note.what


def test_a_chain_may_hold_its_root_which_does_not_travel_with_pictures(tmp_path, authority):
    operator = authority.certify()
    without, with_root = (authority.signing(tmp_path / name, operator) for name in ("without", "with"))
    whole = Chain((operator.certificate, authority.between.certificate, authority.root.certificate))
    with_root.chain_file.write_text(whole.pem)
    sizes = [len(sign_picture(as_file("JPEG"), FACTS, open_signer(signing)).data) for signing in (without, with_root)]
    assert sizes[0] == sizes[1]
    assert sign_and_read(with_root).state is State.INTACT
    assert os.listdir(with_root.folder) == ["signed-with"]


def test_signing_and_reading_load_nothing_that_draws():
    names = ("numpy", "PIL", "cv2", "torch")
    code = f"import sys, generation.label.checking; print([name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
