"""How far a job is, in steps worth a message. Knows no job and no engine."""

from generation.engine import Report

ENGINE_BEGINS, ENGINE_ENDS = 0.05, 0.95
"""What reading and labelling get of the progress."""
LEAST_STEP = 0.01
"""Progress in smaller steps is not worth a message."""


def nobody(share: float) -> None:
    """Takes a report and drops it."""


def in_steps(report: Report) -> Report:
    """Progress only ever forward, and in steps worth a message, however often an engine reports."""
    shown = 0.0

    def step(share: float) -> None:
        nonlocal shown
        if share >= shown + LEAST_STEP or (share >= 1 > shown):
            shown = min(float(share), 1.0)
            report(shown)

    return step


def of_engine(report: Report) -> Report:
    """The engine's own share of the whole, between reading and labelling."""
    return lambda share: report(ENGINE_BEGINS + (ENGINE_ENDS - ENGINE_BEGINS) * min(max(share, 0), 1))
