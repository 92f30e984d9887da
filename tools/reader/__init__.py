"""Trains the reader of plain words: data, network, training, export. PyTorch is needed here only."""
