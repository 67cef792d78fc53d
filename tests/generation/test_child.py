"""A worker process without a job tidies up while it waits, and still takes the next one."""

import socket
import threading

import pytest

from generation import child
from generation.pools.wire import Forget, packed_order


def test_a_waiting_worker_tidies_up_again_and_again_until_an_order_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "REST_AFTER_S", 0.01)
    ours, theirs = socket.socketpair()
    tidied = threading.Semaphore(0)

    def send_after_three() -> None:
        for _ in range(3):
            tidied.acquire()
        ours.sendall(packed_order(Forget()))

    with ours, theirs, theirs.makefile("rb", buffering=0) as orders:
        sender = threading.Thread(target=send_after_three)
        sender.start()
        order = child._next_order(theirs, orders, tidied.release)
        sender.join()
    assert order == Forget()


def test_when_the_pool_is_gone_there_is_no_next_order() -> None:
    ours, theirs = socket.socketpair()
    ours.close()
    with theirs, theirs.makefile("rb", buffering=0) as orders:
        assert child._next_order(theirs, orders, lambda: None) is None
