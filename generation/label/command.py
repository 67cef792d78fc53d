"""Asks an operator's program for a signature: bytes on its stdin, a signature on its stdout. Knows no picture."""

import os
import signal
import subprocess
from collections.abc import Sequence

from generation.label.certificates import Chain, holds
from generation.label.signing import SigningUnusable

COMMAND_S = 5.0
MOST_SAID = 200


class CommandFailed(SigningUnusable):
    """The operator's program gave no signature."""


def ask_command(command: Sequence[str], chain: Chain, data: bytes) -> bytes:
    """Raises:
    CommandFailed: it cannot be run, fails, takes too long, or what it says is no signature by that chain.
    """
    name = command[0]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that its own children go with it
        )
    except (OSError, ValueError) as error:
        raise CommandFailed(f"The signing command {name} cannot be run: {error}.") from error
    with process:
        try:
            signature, said = process.communicate(data, COMMAND_S)
        except subprocess.TimeoutExpired as error:
            raise CommandFailed(f"The signing command {name} gave no answer within {COMMAND_S:.0f} s.") from error
        finally:
            _end(process)
    if process.returncode:
        last = said.decode(errors="replace").strip()[-MOST_SAID:]
        raise CommandFailed(f"The signing command {name} failed with status {process.returncode}: {last or '-'}")
    if not holds(chain, signature, data):
        raise CommandFailed(
            f"What the signing command {name} prints is no signature by the certificate's key. It must print the bare "
            "signature (DER for an EC key), and nothing else."
        )
    return signature


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends what is left of it, for a child of its own would keep the pipes open."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
