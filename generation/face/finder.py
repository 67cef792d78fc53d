"""Finds faces, hands and people in pixels: owns the loaded networks. Knows nothing of gates, files or styles."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from generation.face import detect, mesh, models, split
from generation.face.face import Face
from generation.face.hands import HandFinder
from generation.face.nets import Net

THRESHOLD = 0.5
"""The least detector score and mesh presence of a face."""

TILE_THRESHOLD = 0.65
"""The same for the second look, which sees more that resembles a face."""

CERTAIN = 0.8
"""A best score below this may come from a face that is upside down, whose key points are then guesses."""

AGAIN_DEG = 10.0
"""When the second look turned the head by more than this, a third is worth its while."""

CONFIRMED = 0.6
"""The least score of a face shown upright: sharp ones had 0.77 or more, badly blurred ones 0.6, folds in cloth 0.55."""

MOST_FACES = 32

PERSON_PX = 256
PERSON_TENSORS = (249, 157, 193, 219)
"""In selfie_segmentation.tflite: the answer, and the features at 16, 32 and 64 px the hair matte is made of."""


@dataclass(frozen=True)
class _Nets:
    near: detect.Detector
    wide: detect.Detector
    mesh: mesh.Mesh
    person: Net
    hands: HandFinder


class FaceFinder:
    """Finds faces, their hands and people. Threads may share one.

    The networks are loaded at the first question, or by `load`.

    Args:
        folder: where `models.fetch_models` put the models.
        threads: how many each network may use.
    """

    def __init__(self, folder: Path, threads: int = 2) -> None:
        self._folder = folder
        self._threads = threads
        self._lock = threading.Lock()
        self._nets: _Nets | None = None

    def load(self) -> FaceFinder:
        """Load the networks now, so the first photo does not wait for it.

        Raises:
            ModelsMissing: a model is not in the folder, or not whole.
        """
        self._loaded()
        return self

    def find(self, pixels: np.ndarray) -> list[Face]:
        """The faces in (H, W, 3) uint8 sRGB, the largest first, each looked at twice or more.

        When the first look finds nobody, a second one through a grid of tiles finds small faces. Hands are looked
        for near the largest face.
        """
        nets = self._loaded()
        pixels = np.ascontiguousarray(pixels)
        found = self._faces(nets, pixels, _look(nets, pixels, THRESHOLD))
        if not found:
            found = self._faces(nets, pixels, _look_closer(nets, pixels))
        faces = sorted(found, key=lambda face: -face.size_px)
        return [replace(face, hands=nets.hands.find(pixels, face)) for face in faces[:1]] + faces[1:]

    def follow(self, pixels: np.ndarray, face: Face) -> Face | None:
        """The same face in the next frame of a film, looked for where it was; None: it is not there any more."""
        landmarks, presence = self._loaded().mesh.landmarks(
            np.ascontiguousarray(pixels), mesh.crop_of_mesh(face.landmarks)
        )
        if presence <= THRESHOLD:
            return None
        box = np.concatenate([landmarks[:, :2].min(0), landmarks[:, :2].max(0)])
        return Face(landmarks, box.astype(np.float32), face.score, face.hands)

    def person(self, pixels: np.ndarray) -> np.ndarray:
        """(256, 256) float32: how likely each part of the picture, squeezed into a square, is a person."""
        answer: np.ndarray = self._look_for_person(pixels)[0][0, :, :, 0]
        return answer

    def person_features(self, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What the person network sees on its way, which tells hair from skin from cloth.

        Returns:
            (16, 16, 32), (32, 32, 24) and (64, 64, 16) float32, all over the whole picture squeezed into a square.
        """
        _, coarse, middle, fine = self._look_for_person(pixels)
        return coarse[0], middle[0], fine[0]

    def _look_for_person(self, pixels: np.ndarray) -> list[np.ndarray]:
        square = cv2.resize(pixels, (PERSON_PX, PERSON_PX), interpolation=cv2.INTER_AREA)
        return self._loaded().person((square.astype(np.float32) / 255)[None])

    def _loaded(self) -> _Nets:
        with self._lock:
            if self._nets is None:
                self._nets = _load(self._folder, self._threads)
            return self._nets

    @staticmethod
    def _faces(nets: _Nets, pixels: np.ndarray, seen: list[detect.Detection]) -> list[Face]:
        faces: list[Face] = []
        for detection in seen[:MOST_FACES]:
            landmarks = _settle(nets.mesh, pixels, mesh.crop_of_box(detection.box, detection.keypoints[:2]))
            if landmarks is None or any(_same(landmarks, face) for face in faces):
                continue
            score = _confirm(nets.near, pixels, landmarks)
            if score >= CONFIRMED:
                faces.append(Face(landmarks, detection.box, score))
        return faces


def _load(folder: Path, threads: int) -> _Nets:
    read = models.read_model
    person = read(folder, "selfie_segmentation.tflite")
    return _Nets(
        near=detect.short_range(Net(read(folder, "face_detection_short_range.tflite"), threads)),
        wide=detect.full_range(Net(read(folder, "face_detection_full_range_sparse.tflite"), threads)),
        mesh=mesh.Mesh.of(split.split_mesh(read(folder, "face_landmark_with_attention.tflite")), threads),
        person=Net(split.cut(person, [0], PERSON_TENSORS), threads),
        hands=HandFinder(
            Net(read(folder, "palm_detection_full.tflite"), threads),
            Net(read(folder, "hand_landmark_full.tflite"), threads),
        ),
    )


def _settle(network: mesh.Mesh, pixels: np.ndarray, crop: mesh.Crop) -> np.ndarray | None:
    """Look, look again from where the first look saw the face, and once more if it lay turned; None: no face."""
    for look in range(3):
        landmarks, presence = network.landmarks(pixels, crop)
        if presence <= THRESHOLD:
            return None
        before, crop = crop, mesh.crop_of_mesh(landmarks)
        if look and abs(2 * np.degrees(np.sin((crop.turn - before.turn) / 2))) < AGAIN_DEG:
            break
    return landmarks


def _confirm(near: detect.Detector, pixels: np.ndarray, landmarks: np.ndarray) -> float:
    """How sure the detector is when it is shown nothing but the face, upright; the mesh sees one in anything."""
    crop = mesh.crop_of_mesh(landmarks)
    seen = near.detect(crop.cut(pixels, near.side_px), CONFIRMED / 2)
    to_photo = crop.to_photo(near.side_px)
    noses = np.asarray([each.keypoints[2] for each in seen]).reshape(-1, 2) @ to_photo[:, :2].T + to_photo[:, 2]
    apart = np.linalg.norm(noses - landmarks[1, :2], axis=1)
    return max((each.score for each, off in zip(seen, apart, strict=True) if off < 0.17 * crop.side_px), default=0.0)


def _look(nets: _Nets, pixels: np.ndarray, threshold: float) -> list[detect.Detection]:
    found = nets.near.detect(pixels, threshold) + nets.wide.detect(pixels, threshold)
    if all(detection.score < CERTAIN for detection in found):
        height, width = pixels.shape[:2]
        over = np.ascontiguousarray(pixels[::-1, ::-1])
        found += [each.upended(width, height) for each in nets.near.detect(over, threshold)]
    return detect.keep_best(found)


def _look_closer(nets: _Nets, pixels: np.ndarray) -> list[detect.Detection]:
    """Look through tiles of a third of the longer side, half overlapping: at most 25 of them."""
    height, width = pixels.shape[:2]
    side = max(256, max(height, width) // 3)
    if side >= max(height, width):
        return []
    found = []
    for y in range(0, max(1, height - side // 2), side // 2):
        for x in range(0, max(1, width - side // 2), side // 2):
            tile = np.ascontiguousarray(pixels[y : y + side, x : x + side])
            found += [each.moved(x, y) for each in nets.wide.detect(tile, TILE_THRESHOLD)]
    return detect.keep_best(found)


def _same(landmarks: np.ndarray, face: Face) -> bool:
    """Two detections may settle on one face."""
    apart = np.linalg.norm(landmarks[:468, :2].mean(0) - face.points[:468].mean(0))
    return bool(apart < 0.25 * face.height_px)
