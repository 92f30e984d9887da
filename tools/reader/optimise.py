"""Rewrites the reader's network as onnxruntime would at every start: its nodes joined, the numbers the same.

    python -m reader.optimise src/stillwell/language/data

A start then need not do it again, which is most of the time it takes to load the network. Only what
holds on every processor is done ("extended" level). A network that is optimised already stays as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

import onnxruntime


def optimise(folder: Path) -> None:
    """Optimise `reader.onnx` of a folder, and say so in `reader.json`."""
    network, description = folder / "reader.onnx", folder / "reader.json"
    about = json.loads(description.read_text())
    if about.get("optimised"):
        return
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "reader.onnx"
        options = onnxruntime.SessionOptions()
        level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.graph_optimization_level = level
        options.optimized_model_filepath = str(made)
        onnxruntime.InferenceSession(str(network), options, providers=["CPUExecutionProvider"])
        network.write_bytes(made.read_bytes())
    about["optimised"] = True
    about["sha256"]["reader.onnx"] = hashlib.sha256(network.read_bytes()).hexdigest()
    description.write_text(json.dumps(about, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    optimise(parser.parse_args().folder)


if __name__ == "__main__":
    main()
