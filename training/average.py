"""Average the weights of readers: `python training/average.py OUT FILE=SHARE FILE=SHARE ...`.

A reader that was trained further on the same task lies in the same basin as the one it began with, and their mean does better on articles
that neither has seen than either of them (Wortsman et al. 2022, arXiv 2109.01903).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def main() -> None:
    """Write the weighted mean of some checkpoints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("parts", nargs="+", help="FILE=SHARE")
    options = parser.parse_args()
    pairs = [part.rsplit("=", 1) for part in options.parts]
    shares = [float(share) for _, share in pairs]
    states = [torch.load(path, weights_only=True) for path, _ in pairs]
    mean = {name: sum(share / sum(shares) * state[name].float() for share, state in zip(shares, states, strict=True)) for name in states[0]}
    torch.save(mean, options.out)


if __name__ == "__main__":
    main()
