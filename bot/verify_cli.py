"""selfiebot verify-proof: checks a proof file without the bot, its database or a network. Prints; decides nothing."""

import argparse
from collections.abc import Callable
from pathlib import Path

from bot.settings import Settings

Run = Callable[[argparse.Namespace, Settings], int]
Command = Callable[[str, Run, str], argparse.ArgumentParser]


class ProofRefused(Exception):
    """A proof that proves nothing; the text says why."""


def add_commands(command: Command) -> None:
    proof = command("verify-proof", _verify_proof, "check a proof file of /verify, offline")
    proof.add_argument("file", type=Path)
    proof.add_argument("--key", default="", help="the log's public key as its operator publishes it: name+id+key")


def _verify_proof(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.checkpoints import BadProof, check_proof

    try:
        facts, checkpoint, key = check_proof(arguments.file.read_bytes(), arguments.key)
    except OSError as error:
        raise ProofRefused(f"I can't read {arguments.file}: {error.strerror}.") from error
    except BadProof as error:
        raise ProofRefused(str(error)) from error
    print(f"✓ Picture {facts['id']} was made on {facts['day']} in the style “{facts['style']}” ({facts['kind']}).")
    print(f"  Its file had the SHA-256 {facts['file_sha256']}.")
    print(f"  It is in the log “{checkpoint.name}” of {checkpoint.size} pictures, root {checkpoint.root.hex()}.")
    if not arguments.key:
        print(f"  The log says that its key is {key}.\n  Compare that with what its operator publishes.")
    return 0
