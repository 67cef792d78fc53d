"""Two small learners in plain numpy, repeatable to the bit: a mixture of colours, and a ridge on random waves.

Know no picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

COSINE = tuple(np.float32(term) for term in (46.309519, -82.700971, 64.714342, -19.732795, 0.999971))
"""Of a polynomial in the square of a part of a turn, -1/2 to 1/2, highest first (at Chebyshev's nodes)."""
TURN = 2 * np.pi
STRIP = 512
"""Rows that are turned into waves at once."""
FAR = 50.0
"""The distance answered when there is nothing to learn from."""


@dataclass(frozen=True)
class Mixture:
    """A few Gaussians over (N, 3) samples.

    Args:
        means: (k, 3). whiten: (k, 3, 3), the inverse covariances' Cholesky factors. offsets: (k,).
    """

    means: np.ndarray
    whiten: np.ndarray
    offsets: np.ndarray

    def distance(self, at: np.ndarray) -> np.ndarray:
        """To the nearest Gaussian, (...,): squared Mahalanobis distance + log determinant - 2 log share."""
        flat = at.reshape(-1, 3)
        best = np.full(len(flat), FAR if not len(self.means) else np.inf, np.float32)
        for mean, whiten, offset in zip(self.means, self.whiten, self.offsets, strict=True):
            away = (flat - mean) @ whiten
            np.minimum(best, np.einsum("ij,ij->i", away, away) + offset, out=best)
        return best.reshape(at.shape[:-1])


def mixture_of(samples: np.ndarray, count: int, floor: tuple[float, float, float]) -> Mixture:
    """At most `count` Gaussians, by k-means that starts along lightness. floor: added to their variances."""
    samples = samples[:: max(1, len(samples) // 3000)].astype(np.float32)
    if len(samples) < 30:
        return Mixture(np.zeros((0, 3), np.float32), np.zeros((0, 3, 3), np.float32), np.zeros(0, np.float32))
    nearest = _k_means(samples, min(count, max(1, len(samples) // 60)))
    means, whiten, offsets = [], [], []
    for number in np.unique(nearest):
        of = samples[nearest == number]
        if len(of) < 12:
            continue
        covariance = np.cov(of.T) + np.diag(floor)
        means.append(of.mean(0))
        whiten.append(np.linalg.cholesky(np.linalg.inv(covariance)))
        offsets.append(np.log(np.linalg.det(covariance)) - 2 * np.log(len(of) / len(samples)))
    return Mixture(np.asarray(means, np.float32), np.asarray(whiten, np.float32), np.asarray(offsets, np.float32))


def _k_means(samples: np.ndarray, count: int) -> np.ndarray:
    order = np.argsort(samples[:, 0], kind="stable")
    starts = order[((np.arange(count) + 0.5) / count * len(samples)).astype(int)]
    centres = samples[starts]
    nearest = np.zeros(len(samples), np.int64)
    for _ in range(8):
        nearest = ((centres * centres).sum(1) - 2 * samples @ centres.T).argmin(1)
        centres = np.stack(
            [samples[nearest == i].mean(0) if (nearest == i).any() else centres[i] for i in range(count)]
        )
    return nearest


def _cosine(turns: np.ndarray) -> np.ndarray:
    """cos(2 pi turns), off by at most 2e-4, in a third of the time; `turns` is lost."""
    turns -= np.rint(turns)
    turns *= turns
    out = np.full_like(turns, COSINE[0])
    for term in COSINE[1:]:
        out *= turns
        out += term
    return out


class Waves:
    """Features turned into 256 random cosine waves of them, on which a ridge regression tells classes apart.

    Rahimi, Recht 2007 ("Random features for large-scale kernel machines"). The waves are the same every time.

    Args:
        features: (N, d) float32.
    """

    COUNT = 256

    def __init__(self, features: np.ndarray) -> None:
        mean, deviation = features.mean(0), features.std(0) + np.float32(1e-3)
        plain = np.clip((features - mean) / deviation, -4, 4)
        random = np.random.default_rng(0)
        d = features.shape[1]
        directions = (random.normal(size=(d, self.COUNT)) / np.sqrt(d) * (0.9 / TURN)).astype(np.float32)
        phases = random.random(self.COUNT).astype(np.float32)
        self.rows = np.empty((len(features), 1 + d + self.COUNT), np.float32)
        self.rows[:, 0] = 1
        np.multiply(plain, np.float32(0.3), out=self.rows[:, 1 : 1 + d])
        for start in range(0, len(plain), STRIP):  # strips stay in the processor's cache
            strip = plain[start : start + STRIP] @ directions
            strip += phases
            self.rows[start : start + STRIP, 1 + d :] = _cosine(strip)

    def classify(self, examples: list[np.ndarray]) -> np.ndarray:
        """Probabilities of every row, from examples of each class.

        Args:
            examples: for each class, the indexes of its example rows; may be empty.

        Returns:
            (N, classes) float32, rows sum to 1.
        """
        index = np.concatenate(examples)
        truth = np.zeros((len(index), len(examples)), np.float32)
        weight = np.zeros(len(index), np.float32)
        start = 0
        for number, rows in enumerate(examples):
            truth[start : start + len(rows), number] = 1
            weight[start : start + len(rows)] = 1 / max(1, len(rows))
            start += len(rows)
        weight /= weight.mean()
        known = self.rows[index]
        weighted = (known * weight[:, None]).T
        gram = weighted @ known + np.eye(known.shape[1], dtype=np.float32) * np.float32(0.001 * len(index))
        answer = self.rows @ np.linalg.solve(gram, weighted @ truth)
        answer = np.clip(answer, 0, 1) ** np.float32(1.5)
        return np.asarray(answer / (answer.sum(1, keepdims=True) + np.float32(1e-6)), np.float32)
