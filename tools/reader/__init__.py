"""Trains the reader of plain words: data, network, training, export. PyTorch is needed here only."""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime would report its use to its makers
