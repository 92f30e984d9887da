"""Writes the trained reader as the product ships it: an int8 ONNX file, its tokenizer, a description.

    python -m reader.export --model build/reader --out src/stillwell/language/data

The description holds the items, the ways of telling, the item-wise status weights and SHA-256 of
each file. Calibration is added by `reader.calibrate`.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from reader.messages import STATUSES
from reader.network import MIXED, WHOLE, Reader
from reader.optimise import optimise


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    config = json.loads((options.model / "config.json").read_text())
    items = config["items"]
    model = Reader(config, len(items), len(STATUSES))
    model.load_state_dict(torch.load(options.model / "reader.pt", weights_only=True))
    model.eval()
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / "reader.onnx"
    example = (torch.ones(2, 16, dtype=torch.long), torch.ones(2, 16))
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        torch.onnx.export(
            model, example, exact, dynamo=False, opset_version=17,
            input_names=["ids", "mask"], output_names=["mention", "told", "mix", "whole"],
            dynamic_axes={"ids": {0: "b", 1: "t"}, "mask": {0: "b", 1: "t"}, "mention": {0: "b", 1: "t"},
                          "told": {0: "b", 1: "t"}, "mix": {0: "b", 1: "t"}, "whole": {0: "b"}},
        )  # fmt: skip
        quantize_dynamic(
            exact, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=False
        )
    tokenizer = (options.model / "tokenizer.json").read_text()
    (options.out / "tokenizer.json").write_text(tokenizer)
    own = model.own.detach().numpy().astype(np.float16)
    description = {
        "version": 1,
        "items": items,
        "statuses": list(STATUSES),
        "whole": list(WHOLE),
        "mixed": MIXED,
        "own": base64.b64encode(own.tobytes()).decode(),
        "sha256": {
            name: hashlib.sha256((options.out / name).read_bytes()).hexdigest()
            for name in ("reader.onnx", "tokenizer.json")
        },
    }
    (options.out / "reader.json").write_text(json.dumps(description, indent=1) + "\n")
    optimise(options.out)
    print({p.name: p.stat().st_size for p in options.out.iterdir()})


if __name__ == "__main__":
    main()
