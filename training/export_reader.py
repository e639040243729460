"""Make rag/models/reader from what train_reader.py left: `python training/export_reader.py [--checkpoint FILE] [--target FOLDER]`.

Writes one int8 ONNX file and its fp32 twin in training/build/reader-fp32, and prints how far each is from torch and from the other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from bert_onnx import Bert, Floats, Shape
from export_encoder import (
    BUILD,
    CALIBRATION_PIECES,
    CALIBRATION_TEXTS,
    CLS,
    FIRST_WORD,
    ROOT,
    SEP,
    VOCABULARY,
    find_source,
    ort,
    write_tokenizer,
)
from reader_model import Batch, Reader, segments

NAME = "dateline-reader-int8.2"
SHAPE = Shape(layers=6, heads=12, hidden=384, window=256)
INPUTS = ("input_ids", "segment_ids")
OUTPUTS = {"spans": ["pieces", 2], "relevance": [1], "support": [3]}
TARGET = ROOT / "rag" / "models" / "reader"


def main() -> None:
    """Export, compare, quantise, compare, write the manifest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, default=BUILD / "reader" / "reader.pt")
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args()
    state = torch.load(options.checkpoint, weights_only=True)
    weights = {name.removeprefix("trunk."): value.float().numpy() for name, value in state.items()}
    exact_folder = BUILD / "reader-fp32"
    for folder in (exact_folder, options.target):
        folder.mkdir(parents=True, exist_ok=True)
        write_tokenizer(find_source() / "tokenizer.json", folder / "tokenizer.json")
    builder = Bert(weights, SHAPE, pairs=True)
    exact = builder.reader()
    exact.save(exact_folder / "model.onnx", inputs=INPUTS, outputs=OUTPUTS)
    write_manifest(exact_folder, name="dateline-reader-fp32", kind="onnx-fp32")
    watched = tuple(dict.fromkeys(exact.matmul_inputs.values()))
    exact.save(BUILD / "reader-calibration.onnx", inputs=INPUTS, outputs=OUTPUTS, extra_outputs=watched)
    peaks = channel_peaks(BUILD / "reader-calibration.onnx", exact.matmul_inputs)
    Bert(weights, SHAPE, peaks, pairs=True).reader().save(options.target / "model.onnx", inputs=INPUTS, outputs=OUTPUTS)
    write_manifest(options.target, name=NAME, kind="onnx-int8")
    print(f"fp32 against torch: largest difference {difference_to_torch(state, exact_folder / 'model.onnx'):.1e}")
    print(f"{options.target / 'model.onnx'}: {(options.target / 'model.onnx').stat().st_size / 1e6:.1f} MB")


def pairs(random: np.random.Generator, count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pairs of random words as (pieces, segments)."""
    made = []
    for _ in range(count):
        asked, passage = (random.integers(FIRST_WORD, VOCABULARY, size) for size in (12, CALIBRATION_PIECES - 15))
        ids = np.array([CLS, *asked, SEP, *passage, SEP])
        made.append((ids, np.array(segments(ids.tolist(), 14), np.int64)))
    return made


def channel_peaks(model: Path, layer_inputs: dict[str, str]) -> dict[str, Floats]:
    """The largest magnitude of each input channel of each linear layer, over pairs of random words."""
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    peaks: dict[str, Floats] = {layer: np.full(1, 1e-5, np.float32) for layer in layer_inputs}
    for ids, kinds in pairs(np.random.default_rng(0), CALIBRATION_TEXTS):
        values = dict(zip(names, session.run(None, {"input_ids": ids, "segment_ids": kinds}), strict=True))
        for layer, name in layer_inputs.items():
            peaks[layer] = np.maximum(peaks[layer], np.abs(values[name]).max((0, 1)))
    return peaks


@torch.no_grad()
def difference_to_torch(state: dict[str, torch.Tensor], model: Path) -> float:
    """How far the fp32 graph's numbers are from torch's, over a few pairs."""
    reader = Reader.from_encoder(find_source(), dropout=0.0).eval()
    reader.load_state_dict(state)
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    worst = 0.0
    for ids, kinds in pairs(np.random.default_rng(1), 4):
        none = torch.zeros(1, dtype=torch.long)
        batch = Batch(
            torch.from_numpy(ids)[None], torch.from_numpy(kinds)[None], torch.ones(1, len(ids), dtype=torch.long), none, none, none, none
        )
        scores = reader(batch)
        spans, relevance, support = session.run(None, {"input_ids": ids, "segment_ids": kinds})
        passage = kinds % 2 == 1
        expected = (scores.start[0].numpy()[passage], scores.end[0].numpy()[passage], scores.relevance.numpy(), scores.support[0].numpy())
        found = (spans[passage, 0], spans[passage, 1], relevance, support)
        worst = max(worst, *(float(np.abs(one - other).max()) for one, other in zip(expected, found, strict=True)))
    return worst


def write_manifest(folder: Path, *, name: str, kind: str) -> None:
    """What the files are and were made from."""
    manifest = {
        "name": name,
        "format": kind,
        "window": SHAPE.window,
        "sha256": {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in ("model.onnx", "tokenizer.json")},
        "source": {"model": "sentence-transformers/all-MiniLM-L6-v2, trained further by training/train_reader.py", "license": "Apache-2.0"},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
