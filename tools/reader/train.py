"""Fine-tunes the reader on labelled messages; whole authors are held out.

    python -m reader.train --data data/reader --out build/reader [--held p4,v1] [--epochs 6]

Writes `reader.pt` after every epoch, so that what was learned is not lost.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as fn

from reader.messages import LEVELS, STATUSES, Message, as_question, cut, joined, load, misspelt
from reader.network import WHOLE, Reader, load_encoder, pretrained
from stillwell.knowledge.store import knowledge

FINER_HISTORY = ("recent_long_journey", "recent_childbirth", "haemochromatosis", "tremor")
LONGEST = 224  # tokens of one message in training
LONG = (
    600  # letters from which a message is sometimes cut, as the product reads long ones in windows
)
LEXICON = "lexicon"  # author of the phrases written out from the word patterns of version 0.2.0
COMMON = (
    12000  # of BERT's words this many most frequent ones are kept, and all that the messages use
)


def kept_tokens(tokenizer: dict[str, Any], messages: list[Message]) -> list[int]:
    """Token ids worth keeping: special ones, single characters, common ones, all in the messages."""
    whole = Tokenizer.from_str(json.dumps(tokenizer))
    used = {i for m in messages for i in whole.encode(m.text).ids}
    vocab = tokenizer["model"]["vocab"]
    for word, at in vocab.items():
        bare = word.removeprefix("##")
        plain = bare.isascii() or len(bare) > 1
        if word in ("[PAD]", "[UNK]", "[CLS]", "[SEP]") or (
            plain and "unused" not in word and (at < COMMON or len(bare) == 1)
        ):
            used.add(at)
    return sorted(used)


def pruned(tokenizer: dict[str, Any], kept: list[int]) -> dict[str, Any]:
    """The tokenizer with the kept tokens alone, numbered anew."""
    new = {old: i for i, old in enumerate(kept)}
    copy = json.loads(json.dumps(tokenizer))
    copy["truncation"] = copy["padding"] = None
    copy["model"]["vocab"] = {w: new[i] for w, i in tokenizer["model"]["vocab"].items() if i in new}
    copy["added_tokens"] = [
        {**t, "id": new[t["id"]]} for t in tokenizer["added_tokens"] if t["id"] in new
    ]
    for name, special in copy["post_processor"]["special_tokens"].items():
        special["ids"] = [copy["model"]["vocab"][name]]
    return copy


class Batches:
    """Messages as tensors, of about the same length in each batch."""

    def __init__(self, tokenizer: Tokenizer, items: list[str], size: int, seed: int = 0) -> None:
        self.tokenizer, self.size = tokenizer, size
        self.index = {name: i for i, name in enumerate(items)}
        self.chance = random.Random(seed)

    def varied(self, messages: list[Message]) -> list[Message]:
        """The messages of one round: some joined with others of their author, some misspelt."""
        # phrases of the lexicon are many, short and alike: half of them a round
        order = [m for m in messages if m.author != LEXICON or self.chance.random() < 0.5]
        self.chance.shuffle(order)
        by_author: dict[str, list[Message]] = {}
        for m in order:
            if m.about == "self" and len(m.text) < 250:
                by_author.setdefault(m.author, []).append(m)
        found = []
        for m in order:
            if m.about == "self" and self.chance.random() < 0.2:
                more = self.chance.choices(
                    by_author.get(m.author, [m]), k=self.chance.choice((1, 1, 2, 4))
                )
                parts = [m, *more]
                self.chance.shuffle(parts)
                m = joined(parts, self.chance.choice((" ", " ", "\n", ". ")))
            if len(m.text) > LONG and self.chance.random() < 0.6:
                m = self.piece(m)
            elif len(m.text) < LONG / 3 and self.chance.random() < 0.1:
                m = as_question(m, self.chance)
            if self.chance.random() < 0.25:
                m = misspelt(m, self.chance, 0.06)
            found.append(m)
        return found

    def piece(self, message: Message) -> Message:
        """A long message from one of its sentences on, or up to one."""
        ends = [found.end() for found in re.finditer(r"[.!?\n]\s+", message.text)]
        ends = [e for e in ends if not any(m.start < e < m.stop for m in message.mentions)]
        if not ends:
            return message
        at = self.chance.choice(ends)
        first = (at, len(message.text)) if at < len(message.text) / 2 else (0, at)
        return cut(message, *first)

    def of(self, messages: list[Message], shuffle: bool = True) -> list[list[tuple[Message, Any]]]:
        coded = [(m, self.tokenizer.encode(m.text)) for m in messages]
        coded.sort(key=lambda c: len(c[1].ids) + (self.chance.random() * 6 if shuffle else 0))
        batches: list[list[tuple[Message, Any]]] = [[]]
        for one in coded:
            if len(batches[-1]) >= max(
                8, min(self.size, 2600 // max(8, min(len(one[1].ids), LONGEST)))
            ):
                batches.append([])
            batches[-1].append(one)
        if shuffle:
            self.chance.shuffle(batches)
        return batches

    def tensors(self, batch: list[tuple[Message, Any]]) -> tuple[Tensor, ...]:
        """ids, mask (b, t); spans (b, t, items) bool; known (b, items) bool; told list; whole."""
        longest = min(LONGEST, max(len(c.ids) for _, c in batch))
        ids = torch.zeros(len(batch), longest, dtype=torch.long)
        mask = torch.zeros(len(batch), longest)
        spans = torch.zeros(len(batch), longest, len(self.index))
        known = torch.ones(len(batch), len(self.index))
        whole = torch.zeros(len(batch), len(WHOLE))
        judged = torch.zeros(len(batch), 1)
        told = []
        for row, (message, coded) in enumerate(batch):
            n = min(longest, len(coded.ids))
            ids[row, :n] = torch.tensor(coded.ids[:n])
            mask[row, :n] = 1
            for mention in message.mentions:
                item = self.index.get(mention.id)
                at = [
                    i for i, (a, b) in enumerate(coded.offsets[:n])
                    if a < mention.stop and b > mention.start and b > a
                ]  # fmt: skip
                if item is None or not at:
                    continue
                spans[row, at, item] = 1
                told.append((row, at, item, STATUSES.index(mention.status)))
            for name in message.unlabelled:
                if name in self.index:
                    known[row, self.index[name]] = 0
            judged[row] = float(bool(message.level))
            level = LEVELS.index(message.level or "routine")
            whole[row] = torch.tensor(
                [
                    level <= 2,
                    level <= 1,
                    level == 0,
                    message.about == "child",
                    message.about == "nobody",
                ]
            ).float()
        return ids, mask, spans, known, told, whole, judged  # type: ignore[return-value]


def loss_of(model: Reader, parts: tuple[Any, ...], low: bool = True) -> Tensor:
    """Where items are told, how they are told, and what the whole message is."""
    ids, mask, spans, known, told, whole, judged = parts
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=low):
        mention, told_logits, mix, whole_logits = model(ids, mask)
    mention, told_logits, mix = mention.float(), told_logits.float(), mix.float()
    there = mask[:, :, None] * known[:, None, :]
    per_token = fn.binary_cross_entropy_with_logits(
        mention, spans, reduction="none", pos_weight=torch.tensor(2.0)
    )
    token_loss = (per_token * there).sum() / mask.sum()
    pooled = (mention - (1 - mask[:, :, None]) * 100).max(1).values
    said = spans.max(1).values
    message_loss = (
        fn.binary_cross_entropy_with_logits(pooled, said, reduction="none") * known
    ).sum() / len(ids)
    status_loss = torch.zeros(())
    if told:
        logits = torch.stack(
            [told_logits[r, at].mean(0) + mix[r, at].mean(0) @ model.own[i] for r, at, i, _ in told]
        )
        status_loss = fn.cross_entropy(
            logits, torch.tensor([s for *_, s in told]), label_smoothing=0.02
        )
    whole_loss = fn.binary_cross_entropy_with_logits(whole_logits.float(), whole, reduction="none")
    whole_loss = (whole_loss * judged).sum() / whole.numel()
    return token_loss + 0.5 * message_loss + status_loss + 2.0 * whole_loss


@torch.no_grad()
def scores(model: Reader, batches: Batches, messages: list[Message]) -> dict[str, float]:
    """Recall and precision of what is told as present, at the threshold of best F1; statuses right."""
    model.eval()
    rows, right, count = [], 0, 0
    for batch in batches.of(messages, shuffle=False):
        ids, mask, _spans, known, told, _, _ = batches.tensors(batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            mention, told_logits, mix, _ = model(ids, mask)
        mention = mention.float()
        status = (
            told_logits.float()[:, :, None, :]
            + torch.einsum("btm,ims->btis", mix.float(), model.own)
        ).softmax(-1)
        p = mention.sigmoid() * mask[:, :, None]
        present = (p * status[..., 0]).max(1).values
        truth = torch.zeros(len(batch), len(batches.index))
        for r, at, i, s in told:
            truth[r, i] = max(truth[r, i].item(), float(s == 0))
            count += 1
            guess = (status[r, at, i] * p[r, at, i, None]).sum(0).argmax().item()
            right += guess == s
        rows.append((present[known > 0], truth[known > 0]))
    p, t = torch.cat([r[0] for r in rows]), torch.cat([r[1] for r in rows])
    best = {"f1": 0.0}
    for limit in (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
        hit = ((p >= limit) & (t > 0)).sum().item()
        recall, precision = hit / max(1, t.sum().item()), hit / max(1, (p >= limit).sum().item())
        f1 = 2 * recall * precision / max(1e-9, recall + precision)
        if f1 > best["f1"]:
            best = {"f1": f1, "recall": recall, "precision": precision, "limit": limit}
    best["status"] = right / max(1, count)
    return {k: round(v, 3) for k, v in best.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--held", default="")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument(
        "--share", type=float, default=1.0, help="share of the messages (learning curve)"
    )
    parser.add_argument("--rate", type=float, default=2.5e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    base = knowledge().base
    items = [name for name in (*base.findings, *base.history) if name not in base.read_exactly]
    finer = [name for name, finding in base.findings.items() if finding.triage_only]
    messages = load(options.data, [*finer, *FINER_HISTORY])
    held = set(options.held.split(","))
    train = [m for m in messages if m.author not in held]
    random.Random(1).shuffle(train)
    train = train[: int(len(train) * options.share)]
    valid = [m for m in messages if m.author in held]
    config, weights, tokenizer_text = pretrained()
    tokenizer = json.loads(tokenizer_text)
    kept = kept_tokens(tokenizer, messages)
    tokenizer = pruned(tokenizer, kept)
    config["vocab_size"] = len(kept)
    model = Reader(config, len(items), len(STATUSES))
    load_encoder(model, weights, kept)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "tokenizer.json").write_text(json.dumps(tokenizer))
    (options.out / "config.json").write_text(
        json.dumps({**config, "items": items, "held": sorted(held)})
    )
    batches = Batches(Tokenizer.from_str(json.dumps(tokenizer)), items, 48, options.seed)
    print(
        f"{len(train)} messages, {sum(len(m.mentions) for m in train)} readings; held out {len(valid)}; {len(kept)} tokens",
        flush=True,
    )
    heads = [
        p
        for n, p in model.named_parameters()
        if n.split(".")[0] in ("mention", "told", "mix", "own", "whole")
    ]
    body = [
        p
        for n, p in model.named_parameters()
        if n.split(".")[0] not in ("mention", "told", "mix", "own", "whole")
    ]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": options.rate}, {"params": heads, "lr": options.rate * 8}],
        weight_decay=0.01,
    )
    steps = options.epochs * len(batches.of(batches.varied(train)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        [options.rate, options.rate * 8],
        total_steps=int(steps * 1.02) + 10,
        pct_start=0.08,
        anneal_strategy="linear",
    )
    began = time.time()
    # the average of the weights along the way is steadier than the last of them (Izmailov et al. 2018)
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.997)
    )
    for epoch in range(options.epochs):
        model.train()
        total = count = 0.0
        for batch in batches.of(batches.varied(train)):
            loss = loss_of(model, batches.tensors(batch))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimizer.step()
            schedule.step()
            average.update_parameters(model)
            total, count = total + loss.item(), count + 1
            if count % 50 == 0:
                print(
                    f"  {count:.0f} batches, loss {total / count:.3f}, {time.time() - began:.0f} s",
                    flush=True,
                )
        said = f"round {epoch + 1}: loss {total / count:.3f}, {time.time() - began:.0f} s"
        if valid:
            said += f", held out {scores(average.module, batches, valid)}"
        print(said, flush=True)
        torch.save(average.module.state_dict(), options.out / "reader.pt")


if __name__ == "__main__":
    main()
